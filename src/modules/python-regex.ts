import {allMatches, groupCount, groupNames, PythonError, readReplacement, translateRegex} from '../jinja/jinja.js';
import {ModuleFailure} from './contract.js';

/** How a pattern is read: `bytes` takes `\w` and `\d` for ASCII alone, as Python does for patterns of bytes. */
export interface RegexOptions {
	readonly multiline?: boolean;
	readonly dotall?: boolean;
	readonly bytes?: boolean;
}

/** A Python pattern that an argument gives. Everything throws `ModuleFailure` for a text on which it takes too long. */
export interface PythonRegex {
	/** The first match; its `indices` tell where the groups are. */
	search(text: string): RegExpExecArray | undefined;
	/** Whether it is found somewhere. */
	isIn(text: string): boolean;
	/** Whether it matches at the start. */
	isAtStartOf(text: string): boolean;
	/** The text with every match replaced, and how many there were. */
	replace(text: string, template: string): {text: string; count: number};
}

/** Reads a Python pattern. Throws `ModuleFailure` for what is none. */
export function pythonRegex(pattern: string, {multiline, dotall, bytes}: RegexOptions = {}): PythonRegex {
	const regex = attempt(pattern, () => translateRegex(pattern, {multiline, dotAll: dotall, ascii: bytes, indices: true}));
	const search = (text: string): RegExpExecArray | undefined =>
		attempt(pattern, () => {
			regex.lastIndex = 0;
			return regex.exec(text) ?? undefined;
		});
	return {
		search,
		isIn: (text) => search(text) !== undefined,
		isAtStartOf: (text) => search(text)?.index === 0,
		replace: (text, template) =>
			attempt(pattern, () => {
				const replacement = readReplacement(template);
				replacement.check(groupCount(regex), groupNames(regex));
				let [result, at, count] = ['', 0, 0];
				for (const match of allMatches(regex, text)) {
					result += text.slice(at, match.index) + replacement.expand(match);
					at = match.index + match[0].length;
					count++;
				}
				return {text: result + text.slice(at), count};
			}),
	};
}

/** `Match.expand`: `\1`, `\g<1>`, `\g<name>` and the escapes of a replacement text. */
export function expandMatch(match: RegExpExecArray, template: string): string {
	return attempt(template, () => {
		const replacement = readReplacement(template);
		replacement.check(match.length - 1, new Map(Object.keys(match.groups ?? {}).map((name) => [name, 0])));
		return replacement.expand(match);
	});
}

function attempt<T>(pattern: string, run: () => T): T {
	try {
		return run();
	} catch (error) {
		if (error instanceof PythonError) throw new ModuleFailure(`invalid regular expression '${pattern}': ${error.message}`);
		throw error;
	}
}
