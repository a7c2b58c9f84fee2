import {type Args, defineModule, ModuleFailure, type Result, unknown} from './contract.js';
import {type PathState, reached, readPath} from './kinds/path.js';

type SlurpArgs = Args & {readonly src: string};

export default defineModule<SlurpArgs, {readonly src?: PathState}>({
	name: 'slurp',
	summary: 'Fetch the bytes of a file of the host as base64.',
	args: {
		src: {type: 'path', required: true, aliases: ['path'], description: 'The file.'},
		armor: {type: 'bool', default: true, description: 'Give base64; without it the text.'},
	},
	inspect: ({src}) => ({src: readPath(src, {content: true})}),
	plan({src}, before) {
		const {type, readable, content} = reached(before.src!);
		if (type === 'absent') throw new ModuleFailure(`File not found: ${src}`);
		if (type === 'directory') throw new ModuleFailure(`Source is a directory and must be a file: ${src}`);
		if (type === 'unreadable' || readable === false) throw new ModuleFailure(`File is not readable: ${src}`);
		if (content === undefined) throw new ModuleFailure(`Unable to slurp file: ${src}`);
		return {after: {}};
	},
	apply: () => [],
	report({src, armor}, {before}): Result {
		const {content} = reached(before.src!);
		if (content === unknown || content === undefined) return {source: src, encoding: armor ? 'base64' : 'utf-8'};
		return armor
			? {content: content.toString('base64'), source: src, encoding: 'base64'}
			: {content: content.toString(), source: src, encoding: 'utf-8'};
	},
});
