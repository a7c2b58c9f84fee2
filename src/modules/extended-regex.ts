/**
 * A Python pattern as an extended one of POSIX (`grep -E`) that is found in the same lines; undefined when there is none (look-around,
 * back references, line breaks). Whether quantifiers are greedy makes no difference to that.
 */
export function extendedRegex(pattern: string): string | undefined {
	let result = '';
	for (const [token] of pattern.matchAll(tokens)) {
		const part = translate(token);
		if (part === undefined) return undefined;
		result += part;
	}
	return result;
}

const tokens = /\(\?P<\w+>|\(\?:|\(\?[\s\S]|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[*+?}]\?|[\s\S]/g;

const classes: Readonly<Record<string, string>> = {d: '0-9', w: 'A-Za-z0-9_', s: '[:space:]'};

function translate(token: string): string | undefined {
	if (token.startsWith('(?P<') || token === '(?:') return '(';
	if (token.startsWith('(?')) return undefined;
	if (token.startsWith('\\')) return translateEscape(token[1]!);
	if (token.startsWith('[') && token.length > 1) return translateSet(token);
	if (/^[*+?}]\?$/.test(token)) return token[0];
	return token === '\n' || /[^\x20-\x7e\t]/.test(token) ? undefined : token;
}

function translateEscape(letter: string): string | undefined {
	const lower = letter.toLowerCase();
	if (classes[lower]) return `[${letter === lower ? '' : '^'}${classes[lower]}]`;
	if (letter === 't') return '\t';
	return /[A-Za-z0-9\n]/.test(letter) ? undefined : `\\${letter}`;
}

/** A set: there a backslash is a character of its own in POSIX, and `]` must come first, `-` last. */
function translateSet(set: string): string | undefined {
	const negated = set.startsWith('[^');
	const body = set.slice(negated ? 2 : 1, -1);
	const [parts, ends] = [[] as string[], {close: false, dash: false}];
	for (const [piece] of body.matchAll(/\\[\s\S]|[\s\S]/g)) {
		const letter = piece.length > 1 ? piece[1]! : piece;
		if (piece.length > 1 && classes[letter]) parts.push(classes[letter]);
		else if (piece === '\\t') parts.push('\t');
		else if (piece.length > 1 && /[A-Za-z0-9]/.test(letter)) return undefined;
		else if (letter === ']') ends.close = true;
		else if (piece === '\\-') ends.dash = true;
		else if (letter === '\n' || /[^\x20-\x7e\t]/.test(letter) || (letter === '[' && parts.length > 0 && parts.at(-1) === '['))
			return undefined;
		else parts.push(letter);
	}
	if (parts[0] === '^' && !negated && !ends.close) parts.push(parts.shift()!);
	return `[${negated ? '^' : ''}${ends.close ? ']' : ''}${parts.join('')}${ends.dash ? '-' : ''}]`;
}
