import type {Request} from './contract.js';
import {isVariableName, printfFormat, quote} from './quote.js';

/** Larger content than this is streamed: encoded bytes, since a shell such as bash reads its commands byte by byte. */
const INLINE_LIMIT = 64 * 1024;

/** How a request's stdin reaches the script. */
export type Feed =
	| {readonly kind: 'none'}
	| {readonly kind: 'inline'; readonly format: string}
	| {readonly kind: 'stream'; readonly size: number; readonly seal: string};

/**
 * The first text of a framed shell: its marker (written in two halves, so that an echo of this text is no marker), the function that
 * ends a request on both streams, one that tells when a process began (pb_i, field 22 of its line in /proc), and a greeting with the shell's pid,
 * whether printf is a builtin, for else content would be seen in argv, when the shell began, and what tells the machine apart that it sees, if it says so:
 * the running of its kernel and its first mount (two addresses may lead to one). A host without any printf is told from others here: every script would
 * fail at it, each in its way.
 */
export function greetingText(marker: string): string {
	const half = marker.length >> 1;
	return `pb_m=${marker.slice(0, half)}; pb_m=$pb_m'${marker.slice(half)}'
pb_e() { echo "$pb_m $1 $2"; echo "$pb_m $1" >&2; }
pb_i() {
	pb_j=; { IFS= read -r pb_j <"/proc/$1/stat"; } 2>/dev/null || return 0
	set -- \${pb_j##*') '}
	case $1 in Z | X) pb_j=dead;; *) pb_j=\${20};; esac
}
pb_i $$
case $(command -v printf) in
printf) pb_x=builtin;;
'') echo 'it has no printf, neither of its own nor as a program' >&2; exit 127;;
*) pb_x=none;;
esac
pb_b=; pb_y=
[ ! -r /proc/self/mountinfo ] || read -r pb_y pb_b </proc/self/mountinfo
[ -z "$pb_y" ] || read -r pb_b </proc/sys/kernel/random/boot_id || pb_b=
pb_e hello "$$ $pb_x \${pb_j:--} \${pb_b:+$pb_b/$pb_y}"
`;
}

/** How the stdin of a request travels. `builtinPrintf`: whether content may be written into the shell's text. */
export function feedOf(stdin: Request['stdin'], builtinPrintf: boolean, seal: () => string): Feed {
	if (stdin === undefined) return {kind: 'none'};
	const size = typeof stdin === 'string' ? Buffer.byteLength(stdin) : 'open' in stdin ? stdin.size : stdin.length;
	if (size === 0) return {kind: 'none'};
	if (builtinPrintf && size <= INLINE_LIMIT) {
		const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : 'open' in stdin ? stdin.read() : stdin;
		const format = printfFormat(bytes);
		if (format.length <= INLINE_LIMIT) return {kind: 'inline', format};
	}
	return {kind: 'stream', size, seal: seal()};
}

/**
 * The shell text of one request. It is one parenthesised command: cut anywhere by a lost connection it is a syntax error, never half a command.
 * A working directory that cannot be entered gives status 126. `kept`: its outcome is kept on the host (`kept-outcome.ts`).
 */
export function requestText(sequence: number, request: Request, feed: Feed, kept: boolean): string {
	const words = [request.script.id, ...(request.args ?? []).map(quote)].join(' ');
	const enter = request.cwd === undefined ? '' : `CDPATH= cd -- ${quote(anchored(request.cwd))} || exit 126; `;
	const body = `(${enter}${exports(request.environment)}${words})`;
	const [before, fed] = fedBody(sequence, body, feed);
	return kept ? `pb_r() { ${fed}\n}\n${before}pb_x ${sequence}\n` : `${before}${fed}; pb_e ${sequence} $?\n`;
}

/** What must happen before the script is fed, and the script with its stdin. */
function fedBody(sequence: number, body: string, feed: Feed): [before: string, fed: string] {
	if (feed.kind === 'none') return ['', `${body} </dev/null`];
	if (feed.kind === 'inline') return ['', `printf ${feed.format} 2>/dev/null | ${body}`];
	const take = `pb_s ${feed.seal} ${feed.size} 2>/dev/null`;
	return [`pb_h; pb_f=; echo "$pb_m ${sequence} ready $pb_g"; `, `${take} | (${body}; pb_x=$?; cat >/dev/null; exit $pb_x)`];
}

/** Defines a script as a function, once per shell. */
export function definitionText(script: Request['script']): string {
	return `${script.id}() {\n${script.text}\n}\n`;
}

const BLOCK = 65536;

/**
 * Functions for content that is streamed on the shell's own stdin, sent before the first such request. `pb_h` finds a way to take an exact
 * number of bytes (busybox's head reads too far; dd with single bytes is the slow last resort), and whether there is gzip. `pb_s` is told by the first line
 * whether the content comes as it is, or compressed in chunks, each after its size and the last one empty (`pb_p`). It passes it on and then reads the seal: without it
 * the connection was cut, and the whole process group is ended, in an orderly way if it can be, before the script could see an end of file and take a part for the whole.
 */
export const STREAM_TEXT = `pb_h() {
	[ -z "$pb_w" ] || return 0
	if [ "$(echo abcdef | { head -c 2 >/dev/null; cat; } 2>/dev/null)" = cdef ]; then pb_w='head'
	elif [ "$(echo abcdef | { dd bs=2 count=1 iflag=fullblock >/dev/null; cat; } 2>/dev/null)" = cdef ]; then pb_w='dd'
	else pb_w='bytes'; fi
	pb_g=plain
	if [ "$(echo abc | gzip -c 2>/dev/null | gzip -dc 2>/dev/null)" = abc ]; then pb_g=gzip; fi
}
pb_c() {
	case $pb_w in
	head) head -c "$1";;
	dd)
		[ "$1" -lt ${BLOCK} ] || dd bs=${BLOCK} count="$(($1 / ${BLOCK}))" iflag=fullblock
		[ "$(($1 % ${BLOCK}))" = 0 ] || dd bs="$(($1 % ${BLOCK}))" count=1 iflag=fullblock;;
	*) dd ibs=1 obs=${BLOCK} count="$1";;
	esac
}
pb_p() {
	while IFS= read -r pb_x && [ "$pb_x" -gt 0 ]; do pb_c "$pb_x"; done
}
pb_s() {
	IFS= read -r pb_x
	if [ "$pb_x" = gzip ]; then pb_p | gzip -dc; else pb_c "$2"; fi
	IFS= read -r pb_x
	if [ "$pb_x" = "$1" ]; then
		[ -z "$pb_f" ] || echo "\${pb_f##*/} fed" >>"$pb_d/ends"
		return 0
	fi
	[ -z "$pb_f" ] || echo "\${pb_f##*/} cut" >>"$pb_d/ends"
	trap '' TERM
	kill -TERM 0
	sleep 1
	kill -KILL 0
}
`;

/** A relative path that cannot be taken for an option or for \`-\`, the directory before. */
function anchored(path: string): string {
	return path.startsWith('-') ? `./${path}` : path;
}

function exports(environment: Request['environment']): string {
	const entries = Object.entries(environment ?? {});
	if (entries.length === 0) return '';
	for (const [name] of entries) {
		if (!isVariableName(name))
			throw new TypeError(`${JSON.stringify(name)} is not a name that an environment variable can have in sh`);
	}
	return `export ${entries.map(([name, value]) => `${name}=${quote(value)}`).join(' ')}; `;
}
