/** Text that leaves a quote or a template's braces open; `message` is Ansible's. */
export class FreeFormError extends Error {}

/** One `name=value` of the text; `start` is where the value's characters stand in it, when they stand there as they are. */
export interface FreeFormArgument {
	readonly name: string;
	readonly text: string;
	readonly start: number | undefined;
}

export interface FreeForm {
	readonly args: readonly FreeFormArgument[];
	/** What is no `name=value`, joined again with the user's own line breaks (`_raw_params`). */
	readonly raw: {readonly text: string; readonly start: number | undefined} | undefined;
}

/** The words of `command: echo hi chdir=/tmp` that are arguments; every other `name=value` belongs to the command. */
export const commandKeys = [
	'creates',
	'removes',
	'chdir',
	'executable',
	'warn',
	'stdin',
	'stdin_add_newline',
	'strip_empty_ends',
] as const;

/**
 * Reads `src=a dest="b c"` as Ansible's `parse_kv` does. With `keys` only these names are arguments (`commandKeys`), and all else is
 * raw text; without, every `name=value` is one.
 */
export function parseFreeForm(text: string, keys?: readonly string[]): FreeForm {
	const args: FreeFormArgument[] = [];
	const raw: string[] = [];
	let from = 0;
	for (const written of splitArguments(text)) {
		const at = text.indexOf(written.trimEnd(), from);
		if (at >= 0) from = at + written.trimEnd().length;
		const word = decodeEscapes(written);
		const equals = findEquals(word);
		const name = word.slice(0, Math.max(equals, 0));
		if (equals < 0 || (keys && !keys.includes(name))) {
			raw.push(equals < 0 && word.includes('=') ? word.replaceAll('\\=', '=') : written);
			continue;
		}
		const value = unquote(word.slice(equals + 1).trim());
		const start = at < 0 ? -1 : text.indexOf(value, at + equals + 1);
		args.push({name: name.trim(), text: value, start: start >= 0 && start <= at + equals + 2 ? start : undefined});
	}
	if (raw.length === 0) return {args, raw: undefined};
	const joined = raw.reduce((line, part) => (line === '' || line.endsWith('\n') ? line + part : `${line} ${part}`), '');
	const start = text.indexOf(joined);
	return {args, raw: {text: joined, start: start >= 0 ? start : undefined}};
}

/** The first `=` that is neither the first character nor behind a backslash. */
function findEquals(word: string): number {
	let at = 0;
	while ((at = word.indexOf('=', at + 1)) > 0) if (word[at - 1] !== '\\') return at;
	return -1;
}

function unquote(text: string): string {
	const [first, last] = [text[0], text.at(-1)];
	return text.length > 1 && first === last && (first === '"' || first === "'") && text.at(-2) !== '\\' ? text.slice(1, -1) : text;
}

const escapes: Record<string, string> = {
	'\\': '\\',
	"'": "'",
	'"': '"',
	a: '\x07',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
};

/** Python's escapes in the words, as Ansible decodes them; names (`\N{...}`) stay as they are. */
function decodeEscapes(word: string): string {
	return word.replace(
		/\\U([\da-fA-F]{8})|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})|\\([\\'"abfnrtv])/g,
		(whole, long, short, byte, letter) => {
			if (letter) return escapes[letter]!;
			const code = Number.parseInt(long ?? short ?? byte, 16);
			return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
		},
	);
}

/**
 * Splits a text at white space, but not inside quotes or a template's braces, as Ansible's `split_args` does; line breaks stay at
 * the end of the word before them. Throws `FreeFormError` when a quote or a brace is left open.
 */
export function splitArguments(text: string): string[] {
	if (!text) return [];
	const words: string[] = [];
	const depth = {print: 0, block: 0, comment: 0};
	const nested = () => depth.print > 0 || depth.block > 0 || depth.comment > 0;
	const lines = text.split('\n');
	let quote = '';
	const extend = (more: string) => {
		if (words.length === 0) words.push('');
		words[words.length - 1] += more;
	};
	for (const [number, line] of lines.entries()) {
		let continued = false;
		for (const [index, token] of line.split(' ').entries()) {
			if (token === '' && index > 0) {
				extend(' ');
				continue;
			}
			if (token === '\\' && !quote) {
				continued = true;
				continue;
			}
			const wasQuoted = quote !== '';
			quote = quoteAfter(token, quote);
			let placed = true;
			if (quote && !wasQuoted && !nested()) words.push(token);
			else if (nested() || quote || wasQuoted) extend(index === 0 && wasQuoted ? token : `${index > 0 ? ' ' : ''}${token}`);
			else placed = false;
			for (const [kind, open, close] of braces) {
				const before = depth[kind];
				depth[kind] = Math.max(0, before + count(token, open) - count(token, close));
				if (depth[kind] !== before && !placed) {
					words.push(token);
					placed = true;
				}
			}
			if (!placed && !nested() && !quote && token !== '') words.push(token);
		}
		if (number < lines.length - 1 && !continued) extend('\n');
	}
	if (nested() || quote)
		throw new FreeFormError(`failed at splitting arguments, either an unbalanced jinja2 block or quotes: ${text}`);
	return words;
}

const braces = [
	['print', '{{', '}}'],
	['block', '{%', '%}'],
	['comment', '{#', '#}'],
] as const;

function count(text: string, part: string): number {
	return text.split(part).length - 1;
}

function quoteAfter(token: string, quote: string): string {
	let open = quote;
	for (let index = 0; index < token.length; index++) {
		const character = token[index]!;
		if ((character !== '"' && character !== "'") || token[index - 1] === '\\') continue;
		if (!open) open = character;
		else if (open === character) open = '';
	}
	return open;
}
