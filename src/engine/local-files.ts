import {existsSync, statSync} from 'node:fs';
import {basename} from 'node:path';
import {contentOfBytes} from '../connection/connection.js';
import {renderFile, Secret, Unknown} from '../jinja/jinja.js';
import {filePlaces} from '../lookup/lookup.js';
import type {Args, Definition} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import type {SourceFile} from '../source/source.js';
import {type TaskScope, templateLayer, type Variables} from '../vars/vars.js';
import {openSourceFiles} from './source-files.js';
import {FieldError} from './task-error.js';

/** Arguments whose files are open, and what is secret of the texts that were rendered. */
interface Opened {
	readonly args: Args;
	readonly secrets: readonly string[];
	/** A file lay in a vault: no diff may show what it holds or held. */
	readonly isSealed: boolean;
}

/** Opens the files of this side that arguments name: `local: 'source'` becomes `SourceFiles`, `local: 'template'` the rendered text. */
export async function openLocal(
	definition: Definition,
	args: Args,
	scope: TaskScope,
	variables: Variables,
	task: Task,
): Promise<Opened> {
	const opened: Record<string, unknown> = {...args};
	const secrets: string[] = [];
	let isSealed = false;
	for (const [name, spec] of Object.entries(definition.args)) {
		const value = args[name];
		if (!spec.local || typeof value !== 'string' || isOnHost(args)) continue;
		scope.watch?.file();
		const kind = spec.local === 'template' ? 'templates' : 'files';
		const folders = variables.searchPath(task);
		const places = filePlaces(value, kind, {folders, basedir: variables.playbookFolder, home: variables.home});
		const path = places.find((place) => existsSync(place));
		if (path === undefined) {
			const searched = places.map((place) => `\t${place}`).join('\n');
			throw new FieldError(`Could not find or access '${value}'\nSearched in:\n${searched} on the Ansible Controller.`, {
				bare: true,
				help: 'If you are using a module and expect the file to exist on the remote, see the remote_src option.',
			});
		}
		const open = (bytes: Buffer) => {
			if (args['decrypt'] === false) return undefined;
			isSealed = true;
			return variables.openVault(bytes);
		};
		if (spec.local !== 'template') {
			opened[name] = await openSourceFiles(path, value, {open, follow: args['local_follow'] !== false});
			continue;
		}
		const file = variables.sourceFile(path);
		isSealed ||= file.isSealed;
		const text = render(file, args, scope, path);
		if (text instanceof Secret) secrets.push(...text.pieces);
		opened[name] = {...contentOfBytes(Buffer.from(text instanceof Secret ? text.text : text)), name: basename(path)};
		if (args['mode'] === 'preserve') opened['mode'] = `0${(statSync(path).mode & 0o7777).toString(8)}`;
	}
	return {args: opened, secrets, isSealed};
}

/** `remote_src`, or unarchive's older `copy: false`: the file lies on the host already. */
function isOnHost(args: Args): boolean {
	return args['remote_src'] === true || args['copy'] === false;
}

/** The arguments of `template` that say how its text is read. */
const syntaxArguments = [
	'trim_blocks',
	'lstrip_blocks',
	'newline_sequence',
	'block_start_string',
	'block_end_string',
	'variable_start_string',
	'variable_end_string',
	'comment_start_string',
	'comment_end_string',
];

/** A template's text cannot be foretold. */
export class UnknownArgument extends Error {
	readonly unknown: Unknown;
	constructor(unknown: Unknown) {
		super(unknown.cause);
		this.unknown = unknown;
	}
}

/** The text that a template file gives, with the options of the `template` module and its variables (`template_path`, …). */
function render(file: SourceFile, args: Args, scope: TaskScope, path: string): string | Secret {
	const options = Object.fromEntries(
		syntaxArguments.flatMap((name) => (args[name] === undefined || args[name] === null ? [] : [[name, args[name]]])),
	);
	const destination = typeof args['dest'] === 'string' ? args['dest'] : undefined;
	const origin = {file, start: 0, end: file.text.length};
	const text = renderFile(file.text, scope.over(templateLayer(scope, path, destination)), {options, origin});
	if (text instanceof Unknown) throw new UnknownArgument(text);
	return text;
}
