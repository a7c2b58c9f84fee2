import {readFileSync} from 'node:fs';
import {type Diagnostic, didYouMean, SourceFile, type Span} from '../source/source.js';
import {foreign, lacking, meaningless, type Setting, settings} from './settings.js';

/** A setting in ansible.cfg: its text and where that stands. */
export interface Written {
	readonly text: string;
	readonly span: Span;
}

/** The settings of an ansible.cfg, each as `section.key`; those that mean nothing here are named. */
export function readIni(path: string, report: (diagnostic: Diagnostic) => void): Map<string, Written> {
	const file = new SourceFile(path, readFileSync(path, 'utf8'));
	const values = new Map<string, Written>();
	let section = '';
	let last: string | undefined;
	let offset = 0;
	for (const raw of file.text.split('\n')) {
		const line = raw.replace(/\s[;].*$/, '').trimEnd();
		const header = /^\[([^\]]+)\]/.exec(line);
		const pair = /^([A-Za-z_][\w.]*)\s*[=:]\s*(.*)$/.exec(line);
		if (header) section = header[1]!;
		else if (/^\s+\S/.test(line) && last) {
			const before = values.get(last)!;
			values.set(last, {...before, text: `${before.text}\n${line.trim()}`});
		} else if (pair) {
			last = `${section}.${pair[1]}`;
			const start = offset + line.length - pair[2]!.length;
			values.set(last, {text: pair[2]!, span: {file, start, end: start + pair[2]!.length}});
			checkName(section, pair[1]!, {file, start: offset, end: offset + pair[1]!.length}, report);
		}
		if (!/^\s/.test(raw) && !pair) last = undefined;
		offset += raw.length + 1;
	}
	return values;
}

function checkName(section: string, key: string, span: Span, report: (diagnostic: Diagnostic) => void): void {
	const known: readonly Setting[] = Object.values(settings);
	const isKnown = known.some((one) => (one.section === section && one.key === key) || one.also.includes(`${section}.${key}`));
	if (isKnown || meaningless.has(key) || ['playbill', 'galaxy', 'colors'].includes(section)) return;
	const near = known.filter((one) => one.section === section).map((one) => one.key);
	report({
		severity: 'warning',
		code: 'config/unknown',
		message: foreign.has(key)
			? `\`${key}\`: Python plugins cannot be loaded`
			: `the setting \`${key}\` in [${section}] ${key in lacking ? 'is not offered' : 'has no meaning here'}`,
		labels: [{span, text: didYouMean(key, near)}],
	});
}

/** Names the variables of settings that Playbill does not have. */
export function checkVariables(environment: NodeJS.ProcessEnv, report: (diagnostic: Diagnostic) => void): void {
	for (const variable of Object.values(lacking)) {
		if (variable === undefined || !environment[variable]) continue;
		report({
			severity: 'warning',
			code: 'config/unknown',
			message: `the setting \`${variable}\` of the environment is not offered`,
			labels: [],
		});
	}
}
