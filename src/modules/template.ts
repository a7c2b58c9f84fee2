import type {Content} from '../connection/connection.js';
import {type Args, defineModule, ModuleFailure} from './contract.js';
import {copyResult} from './copy-result.js';
import {fileArguments} from './kinds/path.js';
import {baseName} from './kinds/path-names.js';
import {
	type DestinationStates,
	destinationReads,
	plannedBytes,
	planWrite,
	type WriteArguments,
	writeStep,
} from './kinds/written-file.js';

type TemplateArgs = Args &
	WriteArguments & {
		/** The rendered text; `name` is that of the template, for a `dest` that is a folder. */
		readonly src: Content & {readonly name?: string};
		readonly dest: string;
	};

export default defineModule<TemplateArgs, DestinationStates>({
	name: 'template',
	summary: 'Write a file whose text is made from a template of this side.',
	args: {
		src: {type: 'path', required: true, local: 'template', description: 'The template.'},
		dest: {type: 'path', required: true, description: 'The file to write, or the folder to write it in.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		force: {type: 'bool', default: true, description: 'Replace a file that differs.'},
		follow: {type: 'bool', default: false, description: 'Write what a link leads to.'},
		validate: {type: 'str', description: 'A command that must accept the new file, `%s`, before it is put in place.'},
		newline_sequence: {
			type: 'str',
			choices: ['\\n', '\\r', '\\r\\n', '\n', '\r', '\r\n'],
			default: '\n',
			description: 'What ends a line.',
		},
		block_start_string: {type: 'str', default: '{%', description: 'What begins a block.'},
		block_end_string: {type: 'str', default: '%}', description: 'What ends a block.'},
		variable_start_string: {type: 'str', default: '{{', description: 'What begins an expression.'},
		variable_end_string: {type: 'str', default: '}}', description: 'What ends an expression.'},
		comment_start_string: {type: 'str', default: '{#', description: 'What begins a comment.'},
		comment_end_string: {type: 'str', default: '#}', description: 'What ends a comment.'},
		trim_blocks: {type: 'bool', default: true, description: 'Drop the newline after a block.'},
		lstrip_blocks: {type: 'bool', default: false, description: 'Drop the blanks before a block.'},
		output_encoding: {offered: ['utf-8', 'utf8'], type: 'str', default: 'utf-8', description: 'The encoding of the file.'},
		...fileArguments,
	},
	inspect: ({src, dest}) => destinationReads(dest, src.name === undefined ? undefined : baseName(src.name)) as never,
	plan(args, before) {
		if (args.mode === 'preserve') throw new ModuleFailure('mode: preserve of a template is resolved where it is read');
		return {after: planWrite(args, before, plannedBytes(args.src), args.dest.endsWith('/')) as DestinationStates};
	},
	apply: (args, {before, after}) => [writeStep(args, before, after, args.src)],
	report: (args, change, outputs) => copyResult(change, args.src, outputs),
});
