// SPDX-License-Identifier: GPL-2.0
int helper(int x);
int helper(int x)
{
	if (x > 4)
		return x * 2;
	return x;
}
