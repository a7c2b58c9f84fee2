import {type Args, defineModule, ModuleFailure, type Plan, type Result, unknown} from './contract.js';
import {
	attributesChange,
	type EditedStates,
	editedReads,
	editSteps,
	planAttributes,
	planEdit,
	presentBytes,
} from './kinds/edited-file.js';
import {backupIn, fileArguments} from './kinds/path.js';
import type {WriteArguments} from './kinds/written-file.js';
import {decodeText, linesOf} from './line-edits.js';
import {pythonRegex} from './python-regex.js';

type ReplaceArgs = Args &
	WriteArguments & {
		readonly path: string;
		readonly regexp: string;
		readonly replace: string;
		readonly after?: string;
		readonly before?: string;
	};

export default defineModule<ReplaceArgs, EditedStates>({
	name: 'replace',
	summary: 'Replace every match of a pattern in a file.',
	args: {
		path: {type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], description: 'The file to edit.'},
		regexp: {type: 'str', required: true, description: 'What to replace; `^` and `$` match at every line.'},
		replace: {type: 'str', default: '', description: 'What to put there; `\\1` and `\\g<name>` are groups.'},
		after: {type: 'str', description: 'Replace only behind what this matches.'},
		before: {type: 'str', description: 'Replace only before what this matches.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		validate: {type: 'str', description: 'A command that must accept the new file, `%s`, before it is put in place.'},
		encoding: {offered: ['utf-8', 'utf8'], type: 'str', default: 'utf-8', description: 'The encoding of the file.'},
		...fileArguments,
	},
	inspect: ({path}) => editedReads(path, false),
	plan(args, before): Plan<EditedStates> {
		const replaced = replaceIn(args, before);
		if (replaced === unknown) return {after: planEdit(args, before, unknown)};
		if ('outside' in replaced) return {after: before};
		return {
			after: replaced.text === undefined ? planAttributes(args, before) : planEdit(args, before, Buffer.from(replaced.text)),
		};
	},
	apply: (args, change) => editSteps(args, change),
	report(args, {before, after}, outputs): Result {
		const replaced = replaceIn(args, before);
		if (replaced !== unknown && 'outside' in replaced) {
			return {rc: 0, msg: `Pattern for before/after params did not match the given file: ${replaced.outside}`};
		}
		const made = replaced !== unknown && replaced.text !== undefined ? [`${replaced.count} replacements made`] : [];
		const said = [...made, ...(attributesChange(before, after) ? ['ownership, perms or SE linux context changed'] : [])];
		const backup = backupIn(outputs);
		return {rc: 0, msg: said.join(' and '), ...(backup ? {backup_file: backup} : {})};
	},
});

type Replaced = {readonly text?: string; readonly count: number} | {readonly outside: string} | typeof unknown;

function replaceIn(args: ReplaceArgs, state: EditedStates): Replaced {
	const {path, regexp, replace, after, before} = args;
	const bytes = presentBytes(state, path);
	if (bytes === undefined) throw new ModuleFailure(`Path ${path} does not exist !`, {rc: 257});
	if (bytes === unknown) return unknown;
	const text = linesOf(decodeText(bytes, path)).join('');
	let [start, end] = [0, text.length];
	if (after || before) {
		const pattern = `${after ?? ''}(?P<subsection>.*${after && before ? '?' : ''})${before ?? ''}`;
		const section = pythonRegex(pattern, {dotall: true}).search(text)?.indices?.groups?.['subsection'];
		if (!section) return {outside: pattern};
		[start, end] = section;
	}
	const within = text.slice(start, end);
	const {text: result, count} = pythonRegex(regexp, {multiline: true}).replace(within, replace);
	return result === within ? {count} : {text: text.slice(0, start) + result + text.slice(end), count};
}
