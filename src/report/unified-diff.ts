/**
 * The unified diff of two texts, line by line, as Python's `difflib.unified_diff` prints it (Myers' shortest edit script);
 * a last line without a line break is told as Ansible tells it.
 */
export function unifiedDiff(before: string, after: string, headers: {before: string; after: string}, context = 3): string[] {
	const a = splitLines(before);
	const b = splitLines(after);
	const hunks = groupHunks(editScript(a, b), context);
	if (hunks.length === 0) return [];
	const lines = [`--- ${headers.before}\n`, `+++ ${headers.after}\n`];
	for (const hunk of hunks) {
		const first = hunk[0]!;
		const removed = hunk.filter((edit) => edit.sign !== '+').length;
		const added = hunk.filter((edit) => edit.sign !== '-').length;
		lines.push(`@@ -${range(first.a, removed)} +${range(first.b, added)} @@\n`);
		lines.push(...hunk.map((edit) => edit.sign + edit.line));
	}
	return lines;
}

interface Edit {
	readonly sign: ' ' | '-' | '+';
	readonly line: string;
	/** Index of the line in each text, from 0. */
	readonly a: number;
	readonly b: number;
}

function splitLines(text: string): string[] {
	const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
	const last = lines.length - 1;
	if (last >= 0 && !lines[last]!.endsWith('\n')) lines[last] += '\n\\ No newline at end of file\n';
	return lines;
}

function range(start: number, length: number): string {
	if (length === 1) return `${start + 1}`;
	return `${length === 0 ? start : start + 1},${length}`;
}

/** The whole edit script; texts that differ almost everywhere are replaced as a block, so that the cost stays bounded. */
function editScript(a: readonly string[], b: readonly string[]): Edit[] {
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let endA = a.length;
	let endB = b.length;
	while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
		endA--;
		endB--;
	}
	const edits: Edit[] = [];
	for (let i = 0; i < start; i++) edits.push({sign: ' ', line: a[i]!, a: i, b: i});
	edits.push(
		...shortest(a.slice(start, endA), b.slice(start, endB)).map((edit) => ({...edit, a: edit.a + start, b: edit.b + start})),
	);
	for (let i = endA, j = endB; i < a.length; i++, j++) edits.push({sign: ' ', line: a[i]!, a: i, b: j});
	return edits;
}

const longestSearch = 2000;

function shortest(a: readonly string[], b: readonly string[]): Edit[] {
	const trace: Int32Array[] = [];
	const offset = a.length + b.length + 1;
	const reach = new Int32Array(2 * offset + 1);
	for (let d = 0; d <= Math.min(a.length + b.length, longestSearch); d++) {
		trace.push(reach.slice());
		for (let k = -d; k <= d; k += 2) {
			const down = k === -d || (k !== d && reach[offset + k - 1]! < reach[offset + k + 1]!);
			let x = down ? reach[offset + k + 1]! : reach[offset + k - 1]! + 1;
			while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
			reach[offset + k] = x;
			if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b, offset);
		}
	}
	return [
		...a.map((line, index): Edit => ({sign: '-', line, a: index, b: 0})),
		...b.map((line, index): Edit => ({sign: '+', line, a: a.length, b: index})),
	];
}

function walkBack(trace: readonly Int32Array[], a: readonly string[], b: readonly string[], offset: number): Edit[] {
	const edits: Edit[] = [];
	let x = a.length;
	let y = b.length;
	for (let d = trace.length - 1; d >= 0; d--) {
		const reach = trace[d]!;
		const k = x - y;
		const down = k === -d || (k !== d && reach[offset + k - 1]! < reach[offset + k + 1]!);
		const fromX = d === 0 ? 0 : down ? reach[offset + k + 1]! : reach[offset + k - 1]!;
		const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
		while (x > (d === 0 ? 0 : down ? fromX : fromX + 1) && y > (d === 0 ? 0 : down ? fromY + 1 : fromY)) {
			x--;
			y--;
			edits.push({sign: ' ', line: a[x]!, a: x, b: y});
		}
		if (d === 0) break;
		if (down) edits.push({sign: '+', line: b[--y]!, a: x, b: y});
		else edits.push({sign: '-', line: a[--x]!, a: x, b: y});
	}
	return edits.reverse();
}

function groupHunks(edits: readonly Edit[], context: number): Edit[][] {
	const hunks: Edit[][] = [];
	let end = -1;
	for (const [index, edit] of edits.entries()) {
		if (edit.sign === ' ') continue;
		const from = Math.max(0, index - context);
		const to = Math.min(edits.length, index + context + 1);
		if (hunks.length > 0 && from <= end) hunks.at(-1)!.push(...edits.slice(Math.max(end, from), to));
		else hunks.push(edits.slice(from, to));
		end = to;
	}
	return hunks;
}
