/** The candidates nearest to a misspelt word, best first, none when nothing is near (Damerau–Levenshtein, a third of the length). */
export function suggest(word: string, candidates: Iterable<string>, most = 3): string[] {
	const limit = Math.max(1, Math.floor(word.length / 3));
	const scored: [number, string][] = [];
	for (const candidate of new Set(candidates)) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		if (distance <= limit) scored.push([distance, candidate]);
	}
	return scored
		.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
		.slice(0, most)
		.map(([, candidate]) => candidate);
}

/** `did you mean …?` for a misspelt word, or undefined when nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
	const near = suggest(word, candidates);
	return near.length ? `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?` : undefined;
}

/** The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let previous = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
			row.push(best);
		}
		before = previous;
		previous = row;
	}
	return previous[b.length]!;
}
