/** Compares two Debian versions, `[epoch:]upstream[-revision]`, as deb-version(7) says. */
export function compareDebian(one: string, other: string): number {
	const left = debianParts(one);
	const right = debianParts(other);
	return left.epoch - right.epoch || compareRuns(left.upstream, right.upstream) || compareRuns(left.revision, right.revision);
}

function debianParts(version: string): {epoch: number; upstream: string; revision: string} {
	const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version)!;
	const dash = rest.lastIndexOf('-');
	return {epoch: Number(epoch), upstream: dash < 0 ? rest : rest.slice(0, dash), revision: dash < 0 ? '' : rest.slice(dash + 1)};
}

/** Runs of other characters and of digits in turn: `~` before everything, even the end; letters before the rest. */
function compareRuns(one: string, other: string): number {
	let left = one;
	let right = other;
	while (left || right) {
		const [a] = /^\D*/.exec(left)!;
		const [b] = /^\D*/.exec(right)!;
		for (let index = 0; index < Math.max(a.length, b.length); index++) {
			const difference = weight(a[index]) - weight(b[index]);
			if (difference) return difference;
		}
		const [digitsA] = /^\d*/.exec(left.slice(a.length))!;
		const [digitsB] = /^\d*/.exec(right.slice(b.length))!;
		const difference = compareNumbers(digitsA, digitsB);
		if (difference) return difference;
		left = left.slice(a.length + digitsA.length);
		right = right.slice(b.length + digitsB.length);
	}
	return 0;
}

function weight(character: string | undefined): number {
	if (character === undefined) return 0;
	if (character === '~') return -1;
	return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareNumbers(one: string, other: string): number {
	const a = one.replace(/^0+/, '');
	const b = other.replace(/^0+/, '');
	return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Compares two rpm versions, `[epoch:]version[-release]`, as rpmvercmp does; a release that is not named equals any. */
export function compareRpm(one: string, other: string): number {
	const left = rpmParts(one);
	const right = rpmParts(other);
	return (
		left.epoch - right.epoch ||
		compareSegments(left.version, right.version) ||
		(left.release && right.release ? compareSegments(left.release, right.release) : 0)
	);
}

function rpmParts(version: string): {epoch: number; version: string; release: string} {
	const [, epoch = '0', upstream = '', release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/s.exec(version)!;
	return {epoch: Number(epoch), version: upstream, release};
}

function compareSegments(one: string, other: string): number {
	const left = one.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
	const right = other.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
	for (let index = 0; index < Math.max(left.length, right.length); index++) {
		const a = left[index];
		const b = right[index];
		if (a === b) continue;
		if (a === '~') return -1;
		if (b === '~') return 1;
		if (a === undefined) return -1;
		if (b === undefined) return 1;
		if (a === '^') return -1;
		if (b === '^') return 1;
		const numeric = /^\d/.test(a);
		if (numeric !== /^\d/.test(b)) return numeric ? 1 : -1;
		const difference = numeric ? compareNumbers(a, b) : a < b ? -1 : 1;
		if (difference) return difference;
	}
	return 0;
}

/** Whether a text fits a pattern of the shell (`*`, `?`, `[…]`), as Python's `fnmatch` decides. */
export function fitsPattern(text: string, pattern: string): boolean {
	let source = '';
	for (let index = 0; index < pattern.length; index++) {
		const character = pattern[index]!;
		const close = character === '[' ? pattern.indexOf(']', index + (pattern[index + 1] === '!' ? 3 : 2)) : -1;
		if (character === '*') source += '[^]*';
		else if (character === '?') source += '[^]';
		else if (close > 0) {
			const inside = pattern.slice(index + 1, close).replaceAll('\\', '\\\\');
			source += `[${inside.startsWith('!') ? `^${inside.slice(1)}` : inside.replace(/^\^/, '\\^')}]`;
			index = close;
		} else source += character.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
	}
	return new RegExp(`^${source}$`).test(text);
}
