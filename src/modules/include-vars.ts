import {pythonStr, type Value} from '../jinja/jinja.js';
import {defineAction, type IncludeVars, ModuleFailure} from './contract.js';

const forFolders = ['dir', 'depth', 'files_matching', 'ignore_files', 'extensions', 'ignore_unknown_extensions'];

type IncludeArguments = Readonly<Record<string, unknown>> & {
	readonly file?: string;
	readonly dir?: string;
	readonly _raw_params?: string;
	readonly name?: string;
	readonly depth?: number;
	readonly files_matching?: string;
	readonly ignore_files?: Value;
	readonly extensions?: Value;
	readonly ignore_unknown_extensions?: boolean;
	readonly hash_behaviour?: 'replace' | 'merge';
};

export default defineAction<IncludeArguments>({
	name: 'include_vars',
	summary: 'Read variables from files of this side.',
	args: {
		_raw_params: {type: 'str', description: 'The file as free text.'},
		file: {type: 'path', description: 'The file.'},
		dir: {type: 'path', description: 'A folder of files, read in the order of their names.'},
		name: {type: 'str', description: 'The one variable that shall hold all that was read.'},
		depth: {type: 'int', description: 'How many levels of folders to read; 0 is all.'},
		files_matching: {type: 'str', description: 'A regular expression of the names to read.'},
		ignore_files: {type: 'raw', description: 'Regular expressions of the ends of names to leave out.'},
		extensions: {type: 'raw', description: 'The extensions that files must have: `yaml`, `yml` and `json` by default.'},
		ignore_unknown_extensions: {type: 'bool', description: 'Whether files with others are passed over instead of failing.'},
		hash_behaviour: {
			type: 'str',
			choices: ['replace', 'merge'],
			description: 'Whether dicts replace or are merged into the ones that are.',
		},
	},
	freeForm: '_raw_params',
	inCheckMode: 'run',
	needsHost: false,
	act(args) {
		const {file, dir, _raw_params, name, depth, files_matching, hash_behaviour} = args;
		const source = file ?? _raw_params?.replace(/\n+$/, '');
		if (source !== undefined && forFolders.some((one) => args[one] !== undefined))
			throw new ModuleFailure('You are mixing file only and dir only arguments, these are incompatible');
		if (!source && !dir) throw new ModuleFailure('Could not find file on the Ansible Controller.');
		const read: IncludeVars = {
			kind: 'include-vars',
			...(dir ? {dir} : {file: source}),
			...(name ? {name} : {}),
			depth: depth ?? 0,
			...(files_matching ? {filesMatching: files_matching} : {}),
			ignoreFiles:
				typeof args.ignore_files === 'string' ? args.ignore_files.split(/\s+/) : texts('ignore_files', args.ignore_files ?? []),
			extensions: texts('extensions', args.extensions ?? ['yaml', 'yml', 'json']),
			ignoreUnknownExtensions: args.ignore_unknown_extensions ?? false,
			...(hash_behaviour ? {hashBehaviour: hash_behaviour} : {}),
		};
		return {result: {}, changed: false, effects: [read]};
	},
});

function texts(name: string, value: Value): string[] {
	if (Array.isArray(value)) return value.map((item: Value) => pythonStr(item));
	throw new ModuleFailure(`The '${name}' option must be a list.`);
}
