/** `a=1 b="x y" rest` taken apart: the assignments, and the words that are none, joined by blanks (Ansible's `parse_kv`). */
export function splitKeyValues(text: string): {values: Map<string, string>; rest: string} {
	const values = new Map<string, string>();
	const rest: string[] = [];
	for (const [word] of text.matchAll(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s])+/g)) {
		const sign = word.search(/(?<!\\)=/);
		if (sign > 0) values.set(word.slice(0, sign).trim(), unquote(word.slice(sign + 1).trim()));
		else rest.push(word.replaceAll('\\=', '='));
	}
	return {values, rest: rest.join(' ')};
}

function unquote(text: string): string {
	const quoted = text.length > 1 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
	return quoted ? text.slice(1, -1) : text;
}
