import {dump} from 'js-yaml';
import type {ResultDict} from '../engine/engine.js';
import {Dict, toJson, type Value} from '../jinja/jinja.js';
import type {ViewOptions} from './view.js';

/** A result dict as Ansible's default callback prints it: without what is internal, sorted, on one line (`json`) or as YAML. */
export function dumpResult(
	result: ResultDict,
	options: Pick<ViewOptions, 'verbosity' | 'resultFormat'>,
	more: {indented?: boolean} = {},
): string {
	const shown = Object.entries(result).filter(([key]) => isShown(key, options.verbosity));
	const dict = Dict.from(shown);
	if (options.resultFormat === 'yaml')
		return `\n${indent(dump(JSON.parse(toJson(shorten(dict))), {sortKeys: true}).trimEnd(), 4)}`;
	const pretty = more.indented || options.verbosity > 2;
	return toJson(dict, {sortKeys: true, ascii: false, ...(pretty ? {indent: 4} : {})});
}

function isShown(key: string, verbosity: number): boolean {
	if (key.startsWith('_ansible_') || ['failed', 'exception', 'warnings', 'deprecations'].includes(key)) return false;
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
