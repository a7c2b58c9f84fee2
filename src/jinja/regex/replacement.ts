import {PythonError, valueError} from '../fault.js';

/** A literal text, the number of a group, or its name. */
type Piece = string | number | {readonly name: string};

/** The replacement text of Python's `re.sub` and `Match.expand`, read once. */
export interface Replacement {
	/** Throws `ValueError` or `IndexError` when it names a group that an expression does not have. */
	check(groups: number, names: ReadonlyMap<string, number>): void;
	/** What it gives for a match: groups that took no part are empty. */
	expand(match: RegExpMatchArray): string;
}

const known = new Map<string, Replacement>();

/** Reads a replacement text: `\1`, `\g<1>`, `\g<name>`, `\n` and the like. Throws `ValueError` for what Python does not know. */
export function readReplacement(text: string): Replacement {
	let replacement = known.get(text);
	if (!replacement) {
		replacement = replacementOf(piecesOf(text));
		if (known.size > 1000) known.clear();
		known.set(text, replacement);
	}
	return replacement;
}

function replacementOf(pieces: readonly Piece[]): Replacement {
	return {
		check(groups, names) {
			for (const piece of pieces) {
				if (typeof piece === 'number' && piece > groups) throw valueError(`invalid group reference ${piece}`);
				if (typeof piece === 'object' && !names.has(piece.name))
					throw new PythonError('IndexError', `unknown group name '${piece.name}'`);
			}
		},
		expand: (match) =>
			pieces
				.map((piece) =>
					typeof piece === 'string' ? piece : ((typeof piece === 'number' ? match[piece] : match.groups?.[piece.name]) ?? ''),
				)
				.join(''),
	};
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\'};

function piecesOf(text: string): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const match of text.matchAll(/\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S])|$)/g)) {
		pieces.push(text.slice(at, match.index));
		at = match.index + match[0].length;
		const [, name, octal, group, character] = match;
		if (name !== undefined) {
			if (/^\d+$/.test(name)) pieces.push(Number(name));
			else if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) pieces.push({name});
			else
				throw valueError(
					name === '' ? 'missing group name at position 3' : `bad character in group name '${name}' at position 3`,
				);
		} else if (octal !== undefined) pieces.push(String.fromCharCode(Number.parseInt(octal, 8)));
		else if (group !== undefined) pieces.push(Number(group));
		else if (character === undefined) throw valueError('bad escape (end of pattern)');
		else if (Object.hasOwn(escapes, character)) pieces.push(escapes[character]!);
		else if (/[a-zA-Z]/.test(character)) throw valueError(`bad escape \\${character}`);
		else pieces.push(`\\${character}`);
	}
	pieces.push(text.slice(at));
	return pieces;
}
