import {sh} from '../connection/connection.js';

/**
 * Runs a command that is the user's own. Arguments: how (`command`: the rest are a program and its arguments; `shell`: the rest are
 * a text for a shell), the folder to start in or nothing, `expand` when variables and `~` are put into the words, the shell, and the rest.
 */
export const runCommand = sh`
	# prints "chdir ERRNO" or "start ERRNO" when the command cannot be begun, else "began TIME", the command's own output, and "ended STATUS TIME"
	_pb_how=$1 _pb_folder=$2 _pb_words=$3 _pb_shell=$4
	shift 4
	_pb_now() { date '+%s.%N %Y-%m-%d %H:%M:%S'; }
	_pb_expand() { # sets _pb_path to $1 with variables and the home folder put in, as Python's expandvars and expanduser do
		_pb_rest=$1 _pb_path=
		while :; do
			case $_pb_rest in *'$'*) ;; *) break ;; esac
			_pb_path=$_pb_path\${_pb_rest%%'$'*} _pb_rest=\${_pb_rest#*'$'} _pb_name='' _pb_left=''
			case $_pb_rest in
				'{'*'}'*) _pb_name=\${_pb_rest#?}; _pb_name=\${_pb_name%%'}'*}; _pb_left=\${_pb_rest#*'}'} ;;
				[A-Za-z_]*) _pb_name=\${_pb_rest%%[!A-Za-z0-9_]*}; _pb_left=\${_pb_rest#"$_pb_name"} ;;
			esac
			case $_pb_name in
				'' | [0-9]* | *[!A-Za-z0-9_]* | _pb_* | IFS | OPTIND | PPID | PS[0-9] | LINENO | RANDOM | SECONDS | BASH* | _) _pb_path=$_pb_path'$' ;;
				*)
					eval '_pb_known=$'"{$_pb_name+yes}"' _pb_value=$'"{$_pb_name-}"
					if [ -n "$_pb_known" ]; then _pb_path=$_pb_path$_pb_value _pb_rest=$_pb_left; else _pb_path=$_pb_path'$'; fi ;;
			esac
		done
		_pb_path=$_pb_path$_pb_rest
		case $_pb_path in
			'~' | '~'/*) _pb_path=$HOME\${_pb_path#?} ;;
			'~'*)
				_pb_name=\${_pb_path%%/*}; _pb_name=\${_pb_name#?}
				case $_pb_name in *[!A-Za-z0-9._-]*) return ;; esac
				_pb_value=$(grep "^$_pb_name:" /etc/passwd | cut -d: -f6)
				[ -z "$_pb_value" ] || _pb_path=$_pb_value\${_pb_path#"~$_pb_name"} ;;
		esac
	}
	_pb_find() { # sets _pb_fault to the error number with which program $1 would fail to start, 0 when it would not
		_pb_fault=2
		case $1 in
			*/*)
				if [ -f "$1" ] && [ -x "$1" ]; then _pb_fault=0; elif [ -e "$1" ]; then _pb_fault=13; fi
				return ;;
			'') return ;;
		esac
		_pb_rest=$PATH:
		while [ -n "$_pb_rest" ]; do
			_pb_path=\${_pb_rest%%:*} _pb_rest=\${_pb_rest#*:}
			_pb_path=\${_pb_path:-.}/$1
			if [ -f "$_pb_path" ] && [ -x "$_pb_path" ]; then _pb_fault=0; return; fi
			if [ -f "$_pb_path" ]; then _pb_fault=13; fi
		done
	}
	if [ -n "$_pb_folder" ]; then
		_pb_expand "$_pb_folder"
		case $_pb_path in -*) _pb_path=./$_pb_path ;; esac
		unset CDPATH
		if ! cd -- "$_pb_path" 2>/dev/null; then
			if [ -d "$_pb_path" ]; then echo chdir 13; elif [ -e "$_pb_path" ]; then echo chdir 20; else echo chdir 2; fi
			exit 0
		fi
	fi
	if [ "$_pb_how" = command ] && [ "$_pb_words" = expand ]; then
		_pb_count=$#
		while [ $_pb_count -gt 0 ]; do
			case $1 in
				*'$'* | '~'*) _pb_expand "$1"; set -- "$@" "$_pb_path" ;;
				*) set -- "$@" "$1" ;;
			esac
			shift
			_pb_count=$((_pb_count - 1))
		done
	fi
	if [ "$_pb_how" = shell ]; then set -- "$_pb_shell" -c "$@"; fi
	_pb_find "$1"
	if [ $_pb_fault -gt 0 ]; then echo "start $_pb_fault"; exit 0; fi
	echo "began $(_pb_now)"
	(exec "$@")
	_pb_status=$?
	printf '\nended %s %s\n' "$_pb_status" "$(_pb_now)"
`;

/** What running a command came to. */
export type CommandOutput =
	| {readonly kind: 'refused'; readonly what: 'chdir' | 'start'; readonly errno: number}
	| {readonly kind: 'ran'; readonly rc: number; readonly stdout: string; readonly stderr: string; readonly times: Times};

/** A line of the command's own, among those that `runCommand` prints. */
export function ownLine(line: string): string | undefined {
	return /^(began|ended \d+) \d+\.\S* \d{4}-/.test(line) ? undefined : line;
}

/** Begin and end as the host's clock reads them. */
export interface Times {
	readonly start: string;
	readonly end: string;
	readonly delta: string;
}

/** Reads what `runCommand` printed. Output that is not UTF-8 keeps its readable parts. */
export function parseCommandOutput(bytes: Buffer, stderr: Buffer): CommandOutput | undefined {
	const first = bytes.indexOf('\n');
	const head = bytes.subarray(0, Math.max(first, 0)).toString();
	const [, what, errno] = /^(chdir|start) (\d+)$/.exec(head) ?? [];
	if (what) return {kind: 'refused', what: what as 'chdir' | 'start', errno: Number(errno)};
	const last = bytes.lastIndexOf('\nended ');
	const [, rc, endTime] = /^\nended (\d+) (.*)\n$/s.exec(bytes.subarray(Math.max(last, 0)).toString()) ?? [];
	if (!head.startsWith('began ') || rc === undefined) return undefined;
	const times = readTimes(head.slice('began '.length), endTime!);
	return {kind: 'ran', rc: Number(rc), stdout: bytes.subarray(first + 1, last).toString(), stderr: stderr.toString(), times};
}

/** Python's texts of two moments and of what lies between them; a host whose `date` knows no fractions has none. */
function readTimes(begun: string, ended: string): Times {
	const [start, end] = [begun, ended].map((stamp) => {
		const [, seconds, fraction, wall] = /^(\d+)\.(\d*)\S* (.*)$/.exec(stamp) ?? ['', '0', '', stamp];
		const micro = Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
		return {micros: Number(seconds) * 1e6 + micro, text: micro ? `${wall}.${String(micro).padStart(6, '0')}` : wall!};
	});
	return {start: start!.text, end: end!.text, delta: deltaText(Math.max(0, end!.micros - start!.micros))};
}

/** `str(timedelta)` of so many microseconds. */
export function deltaText(micros: number): string {
	const seconds = Math.floor(micros / 1e6);
	const two = (number: number) => String(number).padStart(2, '0');
	const days = Math.floor(seconds / 86_400);
	const fraction = micros % 1e6 ? `.${String(micros % 1e6).padStart(6, '0')}` : '';
	const clock = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}${fraction}`;
	return days ? `${days} day${days === 1 ? '' : 's'}, ${clock}` : clock;
}
