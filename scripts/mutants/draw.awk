# SPDX-License-Identifier: GPL-2.0
#
# awk -f draw.awk FUNCTIONS SOURCE             the faults that the rules find in these functions
# awk -v make=ID -f draw.awk FUNCTIONS SOURCE  SOURCE with the fault ID in it
#
# FUNCTIONS has `function | ...` a line. A fault is a line of six fields with tabs between them:
# ID, which is FUNCTION.LINE.RULE and a number if that line has several of them; function, rule,
# line, and the text before and after, blanks squeezed. Rules:
#   relation   == != < >= > <= turned into its contrary
#   edge       < to <=, <= to <, > to >=, >= to >
#   negate     if (C) and while (C) to !(C), but for C that is a relation alone
#   junction   && to ||, || to &&
#   term       a term of && or || left out
#   call       a statement that calls a function left out
#   assign     a statement that assigns left out
# No fault has more or fewer lines than what it replaces, as __LINE__ is in the object file of
# what WARNs. Left alone are declarations; preprocessor lines; whatever checks, traces or prints
# (quiet()); and calls and assignments that lock: what they guard against, two CPUs within a few
# instructions, is nothing that a test could wait for.

# Same length, comments, strings and characters blanked out; in_comment lasts from line to line
function masked(line,   out, i, c, two, quote) {
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				out = out " "
				i++
			}
			out = out " "
		} else if (quote != "") {
			if (c == "\\") {
				out = out "x"
				i++
			} else if (c == quote)
				quote = ""
			out = out "x"
		} else if (two == "/*") {
			in_comment = 1
			out = out "  "
			i++
		} else if (two == "//") {
			while (i++ <= length(line))
				out = out " "
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out (quote != "" ? "x" : c)
		}
	}
	return out
}

# The preprocessor's: all blank
function blanked(line) {
	gsub(/[^\t]/, " ", line)
	return line
}

# ---- the body of a function: text, and code, the same masked, length size

function skip_blanks(p) {
	while (p <= size && index(" \t\n", substr(code, p, 1)))
		p++
	return p
}

function word_at(p) {
	return match(substr(code, p, 80), /^[A-Za-z_][A-Za-z_0-9]*/) ? substr(code, p, RLENGTH) : ""
}

# Where what is opened at p is closed
function closing(p,   depth, c) {
	for (; p <= size; p++) {
		c = substr(code, p, 1)
		if (c == "(" || c == "[" || c == "{") depth++
		else if (c == ")" || c == "]" || c == "}") {
			if (!--depth)
				return p
		}
	}
	return size
}

# The semicolon of the statement at p
function semicolon(p,   c) {
	for (; p <= size; p++) {
		c = substr(code, p, 1)
		if (c == ";")
			return p
		if (c == "(" || c == "{" || c == "[")
			p = closing(p)
	}
	return size
}

function line_of(p,   i) {
	for (i = lines; i > 1 && from[i] > p; i--)
		;
	return first + i - 1
}

# The newlines of text[s..e]
function newlines(s, e,   part) {
	part = substr(text, s, e - s + 1)
	gsub(/[^\n]/, "", part)
	return part
}

function squeezed(part) {
	gsub(/[ \t\n]+/, " ", part)
	sub(/^ /, "", part)
	sub(/ $/, "", part)
	return part
}

# A fault: RULE puts NEW in the place of text[s..e]
function fault(rule, s, e, new,   id, a, b) {
	id = name "." line_of(s) "." rule
	count[id]++
	if (count[id] > 1)
		id = id "." count[id]
	if (make != "") {
		if (make == id) {
			changed = substr(text, 1, s - 1) new substr(text, e + 1)
			made = 1
		}
		return
	}
	# Whole lines
	for (a = s; a > 1 && substr(text, a - 1, 1) != "\n"; a--)
		;
	for (b = e; b < size && substr(text, b + 1, 1) != "\n"; b++)
		;
	print id "\t" name "\t" rule "\t" line_of(s) "\t" squeezed(substr(text, a, b - a + 1)) "\t" \
		squeezed(substr(text, a, s - a) new substr(text, e + 1, b - e))
}

# ---- rules

# From p to the left or right (step) as far as the term of the operator op goes that is beside it.
# Sets rim to the operator there, if it is && or ||.
function term_end(p, step, low, high, op,   c, two, depth) {
	rim = ""
	for (; p >= low && p <= high; p += step) {
		c = substr(code, p, 1)
		if (index(step > 0 ? "([{" : ")]}", c)) depth++
		else if (index(step > 0 ? ")]}" : "([{", c)) {
			if (!depth)
				break
			depth--
		}
		if (depth)
			continue
		if (index(",;?:", c))
			break
		two = step > 0 ? substr(code, p, 2) : substr(code, p - 1, 2)
		if (two == "||" || (two == "&&" && op == "&&")) {
			rim = two
			break
		}
		if (step < 0 && c == "=" && !index("=!<>", substr(code, p - 1, 1)) && substr(code, p + 1, 1) != "=")
			break
		if (step < 0 && substr(code, p - 5, 6) == "return" && substr(code, p + 1, 1) !~ /[A-Za-z_0-9]/)
			break
	}
	return p - step
}

function expression(s, e,   i, c, two, at, rest) {
	for (i = s; i <= e; i++) {
		c = substr(code, i, 1)
		two = substr(code, i, 2)
		if (two == "->" || two == "<<" || two == ">>") {
			i++
			if (two != "->" && substr(code, i + 1, 1) == "=")
				i++
		} else if (two in contrary || c in contrary) {
			at = two in contrary ? two : c
			fault("relation", i, i + length(at) - 1, contrary[at])
			if (at in edge)
				fault("edge", i, i + length(at) - 1, edge[at])
			i += length(at) - 1
		} else if (two == "&&" || two == "||") {
			fault("junction", i, i + 1, two == "&&" ? "||" : "&&")
			at = term_end(i - 1, -1, s, e, two)
			if (rim != two) {	# the first of the chain goes with the operator behind it
				at = skip_blanks(at)
				rest = i + 1
				while (substr(text, rest + 1, 1) == " ")
					rest++
				fault("term", at, rest, newlines(at, rest))
			}
			at = term_end(i + 2, 1, s, e, two)
			for (rest = i; index(" \t", substr(text, rest - 1, 1)); rest--)
				;
			fault("term", rest, at, newlines(rest, at))
			i++
		}
	}
}

# Whether code[s..e] is one relation, as it is or in likely()
function is_relation(s, e,   i, c, two, depth, found) {
	s = skip_blanks(s)
	if (word_at(s) ~ /^(un)?likely$/) {
		i = skip_blanks(s + length(word_at(s)))
		if (skip_blanks(closing(i) + 1) > e)
			return is_relation(i + 1, closing(i) - 1)
	}
	for (i = s; i <= e; i++) {
		c = substr(code, i, 1)
		two = substr(code, i, 2)
		if (c == "(" || c == "[") depth++
		else if (c == ")" || c == "]") depth--
		else if (depth) continue
		else if (two == "&&" || two == "||" || c == "?") return 0
		else if (two == "->" || two == "<<" || two == ">>") i++
		else if (two in contrary || c in contrary) found = 1
	}
	return found
}

# Whether it is there to check, trace or print
function quiet(part) {
	return part ~ /(^|[^A-Za-z_0-9])((VM_|BUILD_)?(WARN|BUG)(_ON)?(_[A-Z_]+)?|trace_[a-z_0-9]+|pr_[a-z]+|printk[a-z_]*|dump_[a-z]+|lockdep_[a-z_]+|might_[a-z]+) *\(/
}

function locks(part) {
	return part ~ /(spin|mutex|read|write|seq|local|try)_?(un)?_?lock|_irq|irq(save|restore)|rcu_|preempt|resched/
}

function is_declaration(part) {
	return part ~ /^(LIST_HEAD|DEFINE_[A-Z_]+|DECLARE_[A-Z_]+) ?\(/ ||
		(part ~ /^[A-Za-z_][A-Za-z_0-9]* (\**[A-Za-z_]|\*+ [A-Za-z_])/ && part !~ /^(return|goto) /)
}

# Whether code[s..e] has an = that assigns, outside of parentheses, or ++ or --
function assigns(s, e,   i, c) {
	for (i = s; i <= e; i++) {
		c = substr(code, i, 1)
		if (c == "(" || c == "[")
			i = closing(i)
		else if (index("+-", c) && substr(code, i + 1, 1) == c)
			return 1
		else if (c == "=") {
			if (substr(code, i + 1, 1) == "=")
				i++
			else if (!index("!<>", substr(code, i - 1, 1)) || substr(code, i - 2, 2) ~ /<<|>>/)
				return 1
		}
	}
	return 0
}

function control(word, s, e,   part) {
	part = squeezed(substr(code, s, e - s + 1))
	if (quiet(part))
		return
	expression(s, e)
	if (word ~ /^(if|while)$/ && part !~ /^[0-9]+$/ && !is_relation(s, e))
		fault("negate", s, e, "!(" substr(text, s, e - s + 1) ")")
}

function statement(word, s, e,   part) {
	part = squeezed(substr(code, s, e - s + 1))
	if (quiet(part) || is_declaration(part) || word ~ /^(goto|break|continue)$/)
		return
	expression(s, e)
	if (word == "return" || locks(part))
		return
	if (assigns(s, e))
		fault("assign", s, e, newlines(s, e))
	else if (word != "" && substr(code, skip_blanks(s + length(word)), 1) == "(")
		fault("call", s, e, newlines(s, e))
}

function body(   p, q, e, word) {
	size = length(code)
	for (p = skip_blanks(1); p <= size; p = skip_blanks(p)) {
		if (index("{};", substr(code, p, 1))) {
			p++
			continue
		}
		word = word_at(p)
		q = skip_blanks(p + length(word))
		if (word == "else" || word == "do")
			p = q
		else if (word == "case" || word == "default")
			p = p + index(substr(code, p), ":")
		else if (word != "" && substr(code, q, 1) == ":")
			p = q + 1
		else if (word ~ /^(if|while|for|switch)$|for_(each|next)/) {
			e = closing(q)
			control(word, q + 1, e - 1)
			p = e + 1
		} else {
			e = semicolon(p)
			statement(word, p, e - 1)
			p = e + 1
		}
	}
}

BEGIN {
	FS = "\n"
	contrary["=="] = "!="; contrary["!="] = "=="
	contrary["<"] = ">="; contrary[">="] = "<"
	contrary[">"] = "<="; contrary["<="] = ">"
	edge["<"] = "<="; edge["<="] = "<"; edge[">"] = ">="; edge[">="] = ">"
}

FNR == 1 { file++ }
file == 1 {
	if ($0 !~ /^#/ && $0 !~ /^[ \t]*$/) {
		sub(/[ \t]*\|.*/, "")
		wanted[$0] = 1
		order[++functions] = $0
	}
	next
}

{
	line = $0
	whole = in_comment || line ~ /\/\*|\/\/|["']/ ? masked(line) : line
	if (line ~ /^[ \t]*#/ || continued) {
		continued = line ~ /\\$/
		whole = blanked(line)
	}
}
# A name at the left margin, before its first parenthesis
!inside && whole ~ /^[A-Za-z_].*\(/ {
	name = whole
	sub(/[ \t]*\(.*/, "", name)
	sub(/.*[^A-Za-z_0-9]/, "", name)
}
!inside && line ~ /^[{]/ && name in wanted {
	inside = found[name] = 1
	first = FNR + 1
	lines = 0
	text = code = ""
	if (make != "")
		print line
	next
}
inside && line ~ /^[}]/ {
	inside = 0
	changed = text
	body()
	if (make != "")
		printf "%s", changed
}
inside {
	from[++lines] = length(text) + 1
	text = text line "\n"
	code = code whole "\n"
	next
}
make != "" { print line }

END {
	for (i = 1; i <= functions; i++)
		if (!(order[i] in found)) {
			print "draw.awk: no function " order[i] > "/dev/stderr"
			bad = 1
		}
	if (make != "" && !made) {
		print "draw.awk: no fault " make > "/dev/stderr"
		bad = 1
	}
	exit bad
}
