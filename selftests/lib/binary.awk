# SPDX-License-Identifier: GPL-2.0
#
# The text of `records`, made from records.bin by nothing but the layout in it:
#	head -c HEADER_BYTES records.bin > layout
#	tail -c +HEADER_BYTES+1 records.bin | od -A n -v -t u1 | awk -f binary.awk layout -
# scripts/format/README.md says what the layout means. An awk may have neither 64 bits nor bitwise
# operators: numbers are right up to 2^53.

FNR == 1 { file++ }

file == 1 && FNR == 1 {
	for (i = 2; i <= NF; i++) {
		split($i, word, "=")
		head[word[1]] = word[2]
	}
	next
}
file == 1 && $2 == "keys" { set[$1] = $3; next }
file == 1 && NF {
	key[++keys] = $1
	number[$1] = keys
	form[keys] = $2
	at[keys] = $3
	bytes[keys] = $4
	words[keys] = NF - 4
	for (i = 5; i <= NF; i++)
		name[keys, i - 5] = $i
	next
}
file == 2 {
	for (i = 1; i <= NF; i++) {
		byte[got++] = $i
		if (got == head["record_bytes"]) {
			show()
			got = 0
		}
	}
}
END {
	if (got)
		print "a record of " got " bytes"
}

function load(from, n,   i, value) {
	for (i = 0; i < n; i++)
		value = value * 256 + byte[head["byte_order"] == "little" ? from + n - 1 - i : from + i]
	return value + 0
}

function bit(value, n) {
	for (; n > 0; n--)
		value = int(value / 2)
	return value % 2
}

# Of a set of keys, which has more bits than a number
function has_key(which, n) {
	n--
	return bit(byte[set[which] + (head["byte_order"] == "little" ? int(n / 8) : \
		8 * int(n / 64) + 7 - int(n % 64 / 8))], n % 8)
}

function hex(value,   text) {
	for (; value > 0; value = int(value / 16))
		text = substr("0123456789abcdef", value % 16 + 1, 1) text
	return "0x" (text == "" ? "0" : text)
}

function hex_value(text,   i, value) {
	for (i = 3; i <= length(text); i++)
		value = value * 16 + index("123456789abcdef", substr(text, i, 1))
	return value + 0
}

function joined(text, join, more) { return text == "" ? more : text join more }

function names(k, value, join,   i, text) {
	for (i = 0; i < words[k]; i++)
		if (bit(value, i))
			text = joined(text, join, name[k, i])
	return text
}

# Whether all bits of @part are in @mask
function holds(mask, part,   a, b) {
	for (; part > 0; part = int(part / 2)) {
		if (part % 2 > mask % 2)
			return 0
		mask = int(mask / 2)
	}
	return 1
}

function gfp(k, mask,   i, pair, part, text) {
	for (i = 0; i < words[k] && mask; i++) {
		split(name[k, i], pair, "=")
		part = hex_value(pair[2])
		if (!holds(mask, part))
			continue
		mask -= part
		text = joined(text, "|", pair[1])
	}
	return mask ? joined(text, "|", hex(mask)) : text
}

function flags(k, value,   i, pair, part, text, rest) {
	if (form[k] == "attempts")
		return hex(value)
	rest = value - value % 4
	for (i = 0; i < words[k]; i++) {
		split(name[k, i], pair, "=")
		part = hex_value(pair[2])
		if (part > 3 ? !holds(value, part) : value % 4 != part || !part && bit(value, 2))
			continue
		if (part > 3)
			rest -= part
		text = joined(text, "|", pair[1])
	}
	return rest ? joined(text, "|", hex(rest)) : text
}

function attempts(k,   n, kept, i, text) {
	n = load(at[number["attempts"]], bytes[number["attempts"]])
	kept = bytes[k] / 2 - 1
	for (i = 0; i < n && i < kept; i++)
		text = joined(text, ",", flags(k, load(at[k] + 2 * i, 2)))
	if (n > kept)
		text = text (n > kept + 1 ? ",..," : ",") flags(k, load(at[k] + 2 * kept, 2))
	return text
}

function word_of(which, value) { return name[number[which], value] }

function predicted(k,   results, nid, freed) {
	if (word_of("result", byte[at[number["result"]]]) == "freed") {
		freed = word_of("freed", load(at[k], 4))
		return freed "/" load(at[k] + 4, 4) (freed == "batch" ? "-" load(at[k] + 8, 4) : "")
	}
	results = names(k, load(at[k] + 4, 4), "|")
	nid = signed(load(at[k] + 12, 4), 4)
	if (results !~ /(^|[|])ok/)
		return names(number["stage"], load(at[k], 4), "|") "/none/none/" results
	return names(number["stage"], load(at[k], 4), "|") "/" names(number["source"], load(at[k] + 8, 4), "|") "/" \
		(nid == -2 ? "any" : nid ":" word_of("zone", load(at[k] + 16, 4))) "/" results
}

# Of a byte each, or of 16 bits: up to the first 0
function list(k,   size, i, value, text) {
	size = form[k] == "zones" ? 2 : 1
	for (i = 0; i < bytes[k]; i += size) {
		value = load(at[k] + i, size)
		if (!value)
			break
		text = joined(text, ",", size == 1 ? name[k, value] : int(value / 128) ":" \
			word_of("zone", int(value / 16) % 8) ":" name[k, value % 16])
	}
	return text
}

function signed(value, n,   half) {
	for (half = 128; n > 1; n--)
		half *= 256
	return value >= half ? value - 2 * half : value
}

function decimal(value) { return sprintf("%.0f", value) }

function value_of(k,   f) {
	f = form[k]
	if (has_key("unknown", k))
		return "unknown"
	if (has_key("none", k))
		return "none"
	if (f == "text")
		return name[k, 0]
	if (f == "attempts" || f == "attempt_names")
		return attempts(k)
	if (f == "steal")
		return name[k, byte[at[k]]] "<" name[k, byte[at[k] + 1]]
	if (f == "predicted")
		return predicted(k)
	if (f == "words" || f == "zones")
		return list(k)
	value = load(at[k], bytes[k])
	return f == "count" ? decimal(value) : f == "number" ? decimal(signed(value, bytes[k])) : \
		f == "order" ? decimal(value - 1) : f == "word" ? name[k, value] : \
		f == "set" ? names(k, value, ",") : f == "gfp" ? gfp(k, value) : "form " f
}

function show(   k, line) {
	for (k = 1; k <= keys; k++)
		line = joined(line, " ", key[k] "=" value_of(k))
	print line
}
