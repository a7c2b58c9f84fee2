import {sh} from '../connection/connection.js';
import {type Args, defineAction, ModuleFailure} from './contract.js';
import {type PathState, pathResult} from './kinds/path.js';
import {parseStatus} from './kinds/path-status.js';

type TempfileArgs = Args & {
	readonly state: 'file' | 'directory';
	readonly path?: string;
	readonly prefix: string;
	readonly suffix: string;
};

const makeTemporary = sh`
	# prints the path of the new file or folder, then the lines of ls -ldn and ls -ld for it, each ended by NUL; 9: the words for the user on stderr
	made() {
		printf '%s\0%s\0%s\0' "$path" "$(ls -ldn -- "$path")" "$(ls -ld -- "$path")"
		exit
	}
	state=$1 folder=\${2:-\${TMPDIR:-/tmp}} prefix=$3 suffix=$4
	if [ ! -d "$folder" ]; then echo "[Errno 2] No such file or directory: '$folder'" >&2; exit 9; fi
	umask 077
	number=0
	while [ $number -lt 100 ]; do
		number=$((number + 1))
		random=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
		path=$folder/$prefix$random$suffix
		if [ "$state" = directory ]; then
			if mkdir -- "$path" 2>/dev/null; then made; fi
		elif (set -C; : >"$path") 2>/dev/null; then made
		fi
	done
	echo "could not make a temporary $state in $folder" >&2
	exit 9
`;

export default defineAction<TempfileArgs>({
	name: 'tempfile',
	summary: 'Make a temporary file or folder.',
	args: {
		state: {type: 'str', default: 'file', choices: ['file', 'directory'], description: 'What to make.'},
		path: {type: 'path', description: "The folder to make it in; the system's by default."},
		prefix: {type: 'str', default: 'ansible.', description: 'What its name begins with.'},
		suffix: {type: 'str', default: '', description: 'What its name ends with.'},
	},
	inCheckMode: 'skip',
	needsHost: true,
	act({state, path, prefix, suffix}) {
		for (const [name, part] of Object.entries({prefix, suffix})) {
			if (part.includes('/')) throw new ModuleFailure(`${name} must be a valid file name component, got '${part}'`);
		}
		return {
			steps: [
				{
					script: makeTemporary,
					args: [state, path ?? '', prefix, suffix],
					parse({stdout, stderr, status}) {
						if (status !== 0) throw new ModuleFailure(stderr.toString().trim());
						const [made = '', ...lines] = stdout.toString().split('\0').slice(0, -1);
						return {...parseStatus(lines), path: made};
					},
				},
			],
		};
	},
	conclude(_args, _before, [made]) {
		const state = made as PathState;
		return {changed: true, result: {path: state.path, ...pathResult(state)}};
	},
});
