import {type BlockArgs, editBlock} from './block-edits.js';
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
import {decodeText} from './line-edits.js';

type BlockInFileArgs = Args & WriteArguments & BlockArgs & {readonly path: string; readonly create: boolean};

export default defineModule<BlockInFileArgs, EditedStates>({
	name: 'blockinfile',
	summary: 'Ensure that a block of lines between two markers is in a file, or is not.',
	args: {
		path: {type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], description: 'The file to edit.'},
		state: {type: 'str', choices: ['absent', 'present'], default: 'present', description: 'Whether the block shall be there.'},
		marker: {
			type: 'str',
			default: '# {mark} ANSIBLE MANAGED BLOCK',
			description: 'The marker, `{mark}` standing for begin and end.',
		},
		block: {type: 'str', default: '', aliases: ['content'], description: 'The lines; none remove the block.'},
		insertafter: {type: 'str', description: '`EOF`, or what the line before matches.'},
		insertbefore: {type: 'str', description: '`BOF`, or what the line after matches.'},
		create: {type: 'bool', default: false, description: 'Make the file when it is not there.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		validate: {type: 'str', description: 'A command that must accept the new file, `%s`, before it is put in place.'},
		marker_begin: {type: 'str', default: 'BEGIN', description: 'What `{mark}` is at the beginning.'},
		marker_end: {type: 'str', default: 'END', description: 'What `{mark}` is at the end.'},
		append_newline: {type: 'bool', default: false, description: 'Keep a blank line behind the block.'},
		prepend_newline: {type: 'bool', default: false, description: 'Keep a blank line before the block.'},
		encoding: {offered: ['utf-8', 'utf8'], type: 'str', default: 'utf-8', description: 'The encoding of the file.'},
		...fileArguments,
	},
	rules: {mutuallyExclusive: [['insertbefore', 'insertafter']]},
	inspect: ({path, create}) => editedReads(path, create),
	plan(args, before): Plan<EditedStates> {
		const text = textOf(args, before);
		if (text === unknown) return {after: planEdit(args, before, unknown)};
		const result = text === undefined && args.state === 'absent' ? undefined : editBlock(text ?? '', args);
		return {
			after: result === undefined || result === text ? planAttributes(args, before) : planEdit(args, before, Buffer.from(result)),
		};
	},
	apply: (args, change) => editSteps(args, change),
	report(args, {before, after}, outputs): Result {
		const text = textOf(args, before);
		if (text === undefined && args.state === 'absent') return {msg: `File ${args.path} not present`};
		const changed = text === unknown || text !== editBlock(text ?? '', args);
		const done =
			text === undefined ? 'File created' : args.state === 'absent' || !args.block ? 'Block removed' : 'Block inserted';
		const said = [
			...(changed || text === undefined ? [done] : []),
			...(attributesChange(before, after) ? ['ownership, perms or SE linux context changed'] : []),
		];
		const backup = backupIn(outputs);
		return {msg: said.join(' and '), ...(backup ? {backup_file: backup} : {})};
	},
});

function textOf({path, create, state}: BlockInFileArgs, before: EditedStates): string | typeof unknown | undefined {
	const bytes = presentBytes(before, path);
	if (bytes === undefined && !create) {
		throw new ModuleFailure(`Path ${path} does not exist !`, {rc: 257, ...(state === 'absent' ? {path} : {})});
	}
	return Buffer.isBuffer(bytes) ? decodeText(bytes, path) : bytes;
}
