# SPDX-License-Identifier: GPL-2.0
#
# awk -v seed=N -f shuffle.awk   the lines of standard input, in an order that N decides, and no
#                                machine: Park and Miller's generator, in whole numbers below 2^53

function number_below(n) {
	x = 16807 * x % 2147483647
	return x % n
}

{ line[NR] = $0 }

END {
	for (i = 1; i <= length(seed); i++)
		x = (x * 10 + substr(seed, i, 1) + 1) % 2147483646
	x++
	# The first numbers of seeds that are near each other are near each other as well.
	for (i = 0; i < 10; i++)
		number_below(1)
	for (i = NR; i > 0; i--) {
		at = 1 + number_below(i)
		print line[at]
		line[at] = line[i]
	}
}
