import type {ResultDict} from '../engine/engine.js';
import {Dict, toJson, toYaml, type Value} from '../jinja/jinja.js';
import type {ViewOptions} from './view.js';

/** A result dict as Ansible's default callback prints it: without what is internal, sorted, on one line (`json`) or as YAML. */
export function dumpResult(
	result: ResultDict,
	options: Pick<ViewOptions, 'verbosity' | 'resultFormat'>,
	more: {indented?: boolean} = {},
): string {
	const shown = Object.entries(result).filter(([key]) => isShown(key, options.verbosity));
	const dict = Dict.from(shown.map(([key, value]) => [key, key === 'results' ? ofItems(value, options.verbosity) : value]));
	if (options.resultFormat === 'yaml')
		return `\n${indent(toYaml(shorten(dict), {flow: false, indent: 4, textStyle: asBlock}).trimEnd(), 4)}`;
	const pretty = more.indented || options.verbosity > 2;
	return toJson(dict, {sortKeys: true, ascii: false, ...(pretty ? {indent: 4} : {})});
}

/** The results of a loop's items, without what is internal. */
function ofItems(results: Value, verbosity: number): Value {
	if (!Array.isArray(results)) return results;
	return results.map((item: Value) =>
		item instanceof Dict
			? Dict.from([...item.entries()].filter(([key]) => !isInternal(String(key)) && (verbosity > 2 || key !== 'invocation')))
			: item,
	);
}

function isInternal(key: string): boolean {
	return key.startsWith('_ansible_');
}

function isShown(key: string, verbosity: number): boolean {
	if (isInternal(key) || ['failed', 'skipped', 'exception', 'warnings', 'deprecations'].includes(key)) return false;
	return verbosity > 2 || (key !== 'invocation' && key !== 'diff');
}

/** In YAML the lines of an output are not shown twice. */
function shorten(dict: Dict): Dict {
	const entries = [...dict.entries()].map(([key, value]): [Value, Value] => {
		const whole = typeof key === 'string' ? key.replace(/_lines$/, '') : key;
		return whole !== key && dict.has(whole) ? [key, '<omitted>'] : [key, value];
	});
	return Dict.from(entries);
}

function indent(text: string, columns: number): string {
	return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}

/** Texts of several lines are shown as such: what `|` does not allow (tabs, blanks at the ends of lines, control characters) is left out, as Ansible does. */
function asBlock(text: string): {text: string; style: '|' | undefined} {
	if (!/[\n\x85\u2028\u2029]/.test(text)) return {text, style: undefined};
	const shown = text
		.trimEnd()
		.replace(/^.*\t.*$/gm, expandTabs)
		.replace(/[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu, '')
		.replace(/ +(?=[\n\x85\u2028\u2029])/g, '');
	return {text: shown, style: '|'};
}

function expandTabs(line: string): string {
	let shown = '';
	for (const character of line) shown += character === '\t' ? ' '.repeat(8 - (shown.length % 8)) : character;
	return shown;
}
