import {fromJson, type Value} from '../../jinja/jinja.js';
import type {RawFacts} from './raw-facts.js';

/** Facts of the host's own: files and programs in `facts.d`, as JSON or INI. */
export function localFacts(raw: RawFacts): {
	readonly facts: Readonly<Record<string, Value | Readonly<Record<string, Readonly<Record<string, string>>>>>>;
	readonly warnings: readonly string[];
} {
	const facts: Record<string, Value | Record<string, Record<string, string>>> = {};
	const warnings: string[] = [];
	for (const {path, text, status, errors = ''} of raw.local) {
		const name = path.slice(path.lastIndexOf('/') + 1).replace('.fact', '');
		if (status) {
			const failed = `Failure executing fact script (${path}), rc: ${status}, err: ${errors}`;
			facts[name] = failed;
			warnings.push(failed);
			continue;
		}
		facts[name] = readJson(text) ?? readIni(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
		if (typeof facts[name] === 'string' && String(facts[name]).startsWith('error loading')) warnings.push(String(facts[name]));
	}
	return {facts, warnings};
}

function readJson(text: string): Value | undefined {
	try {
		return fromJson(text);
	} catch {
		return undefined;
	}
}

/** Sections of `name = value` or `name: value`, names in lower case, as Python's `configparser` reads them; undefined when it is none. */
function readIni(text: string): Record<string, Record<string, string>> | undefined {
	const sections: Record<string, Record<string, string>> = {};
	let section: Record<string, string> | undefined;
	for (const line of text.split('\n')) {
		if (/^\s*([#;]|$)/.test(line)) continue;
		const header = /^\[(.+)\]/.exec(line)?.[1];
		if (header !== undefined) {
			section = {};
			sections[header] = section;
			continue;
		}
		const [, name, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
		if (!section || name === undefined) return undefined;
		section[name.toLowerCase()] = value!;
	}
	return sections;
}
