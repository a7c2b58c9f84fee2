/** Whether a text matches an OpenSSH pattern: `*` any run, `?` one character, nothing else special (ssh_config(5), PATTERNS). */
export function matchesPattern(text: string, pattern: string): boolean {
	const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`));
	return new RegExp(`^${source}$`, 's').test(text);
}

/** Whether a text matches a list of patterns: at least one, and none that is negated with `!`. */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
	let matched = false;
	for (const pattern of patterns) {
		const negated = pattern.startsWith('!');
		if (!matchesPattern(text, negated ? pattern.slice(1) : pattern)) continue;
		if (negated) return false;
		matched = true;
	}
	return matched;
}
