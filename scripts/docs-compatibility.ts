import {lacking as lackingSettings, meaningless, settings} from '../src/cli/settings.js';
import {lackingBuiltins} from '../src/modules/names.js';
import {keywords} from '../src/playbook/keywords.js';

const begin = '<!-- The lists down to the end mark are made by `npm run docs`; changes by hand are lost. -->';
const end = '<!-- end -->';

/** The text of docs/compatibility.md with its lists made anew from the sources; the rest is written by hand. */
export function compatibilityPage(current: string): string {
	const [before, rest = ''] = current.split(begin);
	const [, after] = rest.split(end);
	if (before === undefined || after === undefined) throw new Error('docs/compatibility.md has lost its marks');
	return `${before}${begin}\n\n${lists()}\n\n${end}${after}`;
}

function lists(): string {
	const lacking = Object.entries(keywords).flatMap(([name, {unsupported}]) =>
		unsupported ? [`| \`${name}\` | ${unsupported} |`] : [],
	);
	const some = Object.entries(keywords).flatMap(([name, {known}]) =>
		known ? [`| \`${name}\` | any value but ${quoted(known)} |`] : [],
	);
	const read = Object.values(settings).map(({section, key}) => `[${section}] ${key}`);
	return [
		'### Keywords',
		`| keyword | what is lacking |\n| --- | --- |\n${[...lacking, ...some].join('\n')}`,
		'### Modules of ansible-core',
		`${quoted(lackingBuiltins)}. Modules of collections are not offered either; each is refused by its full name.`,
		'### Settings of ansible.cfg',
		`Read, each with its \`ANSIBLE_*\` variable: ${quoted(read.sort())}.`,
		`Accepted silently, since they steer what does not exist here (Python, temporary modules, ssh's multiplexing): ${quoted([...meaningless].sort())}.`,
		`Not offered, and named in a warning where they are set, in ansible.cfg or by their variable: ${quoted(Object.keys(lackingSettings).sort())}.`,
		'Every other setting is named once in a warning.',
	].join('\n\n');
}

function quoted(names: readonly string[]): string {
	return names.map((name) => `\`${name}\``).join(', ');
}
