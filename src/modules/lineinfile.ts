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
import {decodeText, type LineEdit, type LineSearch, linesOf, removeLines, setLine} from './line-edits.js';

type LineArgs = Args &
	WriteArguments &
	LineSearch & {readonly path: string; readonly state: 'present' | 'absent'; readonly create: boolean};

export default defineModule<LineArgs, EditedStates>({
	name: 'lineinfile',
	summary: 'Ensure that a line is in a file, or is not.',
	args: {
		path: {type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], description: 'The file to edit.'},
		state: {type: 'str', choices: ['absent', 'present'], default: 'present', description: 'Whether the line shall be there.'},
		regexp: {type: 'str', aliases: ['regex'], description: 'What the line to replace or remove matches.'},
		search_string: {type: 'str', description: 'What the line to replace or remove contains.'},
		line: {type: 'str', aliases: ['value'], description: 'The line.'},
		encoding: {offered: ['utf-8', 'utf8'], type: 'str', default: 'utf-8', description: 'The encoding of the file.'},
		insertafter: {type: 'str', description: '`EOF`, or what the line before matches.'},
		insertbefore: {type: 'str', description: '`BOF`, or what the line after matches.'},
		backrefs: {type: 'bool', default: false, description: 'Put groups of `regexp` into the line.'},
		create: {type: 'bool', default: false, description: 'Make the file when it is not there.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		firstmatch: {type: 'bool', default: false, description: 'Take the first match, not the last.'},
		validate: {type: 'str', description: 'A command that must accept the new file, `%s`, before it is put in place.'},
		...fileArguments,
	},
	rules: {
		mutuallyExclusive: [
			['insertbefore', 'insertafter'],
			['regexp', 'search_string'],
			['backrefs', 'search_string'],
		],
	},
	inspect: ({path, create}) => editedReads(path, create),
	plan(args, before): Plan<EditedStates> {
		const bytes = presentBytes(before, args.path);
		const edit = editOf(args, bytes);
		if (!edit) return {after: planAttributes(args, before), warnings: warningsOf(args)};
		return {
			after: planEdit(args, before, edit === unknown ? unknown : Buffer.from(edit.lines.join(''))),
			warnings: warningsOf(args),
		};
	},
	apply: (args, change) => editSteps(args, change),
	report(args, {before, after}, outputs): Result {
		const bytes = presentBytes(before, args.path);
		const edit = editOf(args, bytes);
		if (args.state === 'absent' && bytes === undefined) return {msg: 'file not present'};
		const said = edit && edit !== unknown ? [edit.message] : [];
		if (attributesChange(before, after)) said.push('ownership, perms or SE linux context changed');
		const found: Result = args.state === 'absent' ? {found: edit && edit !== unknown ? (edit.found ?? 0) : 0} : {};
		return {...found, msg: said.join(' and '), backup: backupIn(outputs) ?? ''};
	},
});

/** The edit that is needed: undefined for none, `unknown` when the text cannot be foretold. */
function editOf(args: LineArgs, bytes: Buffer | typeof unknown | undefined): LineEdit | typeof unknown | undefined {
	const {state, path, line, regexp, search_string, backrefs, create} = args;
	if (state === 'present' && backrefs && !given(regexp)) throw new ModuleFailure('regexp is required with backrefs=true');
	if (state === 'present' && !given(line)) throw new ModuleFailure('line is required with state=present');
	if (state === 'absent' && !given(regexp) && !given(search_string) && !given(line)) {
		throw new ModuleFailure('one of line, search_string, or regexp is required with state=absent');
	}
	if (bytes === unknown) return unknown;
	if (bytes === undefined && state === 'absent') return undefined;
	if (bytes === undefined && !create) throw new ModuleFailure(`Destination ${path} does not exist !`, {rc: 257});
	const lines = linesOf(decodeText(bytes ?? Buffer.alloc(0), path));
	return state === 'present' ? setLine(lines, args) : removeLines(lines, args);
}

function given(text: string | undefined): boolean {
	return text !== undefined && text !== null;
}

function warningsOf({regexp, search_string}: LineArgs): readonly string[] {
	if (regexp !== '' && search_string !== '') return [];
	const text = (name: string) =>
		`The ${name} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.`;
	if (regexp !== '') return [text('search string')];
	return [`${text('regular expression')} If this is desired, use '^' to match every line in the file and avoid this warning.`];
}
