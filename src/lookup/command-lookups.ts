import {spawnSync} from 'node:child_process';
import {pythonStr} from '../jinja/jinja.js';
import {type Lookup, type LookupContext, lookupFault} from './context.js';

/** What shell commands print on this side, without blanks at the end; they run in the playbook's folder. */
export const pipe: Lookup = (terms, _options, context) => terms.map((term) => run('pipe', pythonStr(term), context).trimEnd());

/** The lines that shell commands print on this side. */
export const lines: Lookup = (terms, _options, context) =>
	terms.flatMap((term) => {
		const output = run('lines', pythonStr(term), context);
		return output === '' ? [] : output.replace(/\r?\n$/, '').split(/\r?\n/);
	});

function run(name: string, command: string, {basedir, environment}: LookupContext): string {
	const result = spawnSync('/bin/sh', ['-c', command], {
		cwd: basedir,
		env: {...environment},
		encoding: 'utf8',
		stdio: ['pipe', 'pipe', 'inherit'],
		maxBuffer: 256 * 1024 * 1024,
	});
	if (result.error) throw lookupFault(`lookup_plugin.${name}(${command}) could not run: ${result.error.message}`);
	if (result.status !== 0) throw lookupFault(`lookup_plugin.${name}(${command}) returned ${result.status ?? -1}`);
	return result.stdout;
}
