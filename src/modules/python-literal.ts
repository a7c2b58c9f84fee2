import {Dict, Float, Tuple, type Value} from '../jinja/jinja.js';

/**
 * The value of a Python literal (`{'a': [1, True]}`), as `ast.literal_eval` reads it: texts, numbers, True, False, None, lists,
 * tuples, dicts. Undefined when the text is anything else.
 */
export function parsePythonLiteral(text: string): Value | undefined {
	const tokens =
		text.match(/\s+|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|[-+]?[\w.]+(?:(?<=[eE])[-+]\d+)?|[[\]{}(),:]|[\s\S]/g) ??
		[];
	const words = tokens.filter((token) => token.trim() !== '');
	let at = 0;
	const read = (): Value => {
		const word = words[at++];
		if (word === '[') return readItems(']');
		if (word === '(') {
			const items = readItems(')');
			return items.length === 1 && words[at - 2] !== ',' ? items[0]! : new Tuple(items);
		}
		if (word === '{') return readDict();
		return readScalar(word);
	};
	const readItems = (close: string): Value[] => {
		const items: Value[] = [];
		while (words[at] !== close) {
			items.push(read());
			if (words[at] === ',') at++;
			else if (words[at] !== close) throw new NotLiteral();
		}
		at++;
		return items;
	};
	const readDict = (): Dict => {
		const dict = new Dict();
		while (words[at] !== '}') {
			const key = read();
			if (words[at++] !== ':') throw new NotLiteral();
			dict.set(key, read());
			if (words[at] === ',') at++;
			else if (words[at] !== '}') throw new NotLiteral();
		}
		at++;
		return dict;
	};
	try {
		const value = read();
		return at === words.length ? value : undefined;
	} catch {
		return undefined;
	}
}

class NotLiteral extends Error {}

const names: Record<string, Value> = {True: true, False: false, None: null};
const escapes: Record<string, string> = {a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\n': ''};

function readScalar(word: string | undefined): Value {
	if (word === undefined) throw new NotLiteral();
	if (Object.hasOwn(names, word)) return names[word]!;
	if (/^(['"]).*\1$/s.test(word) && word.length > 1) return decode(word.slice(1, -1));
	if (/^[-+]?(0|[1-9][\d_]*)$/.test(word)) {
		const number = Number(word.replaceAll('_', ''));
		return Number.isSafeInteger(number) ? number : BigInt(word.replaceAll('_', ''));
	}
	if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word)) {
		const number = Number(word);
		return Number.isInteger(number) ? new Float(number) : number;
	}
	throw new NotLiteral();
}

function decode(text: string): string {
	return text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([\s\S]))/g, (_, byte, short, letter) =>
		letter === undefined
			? String.fromCharCode(Number.parseInt(byte ?? short, 16))
			: (escapes[letter] ?? letter.replace(/[^\\'"]/, '\\$&')),
	);
}
