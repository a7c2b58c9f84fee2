import {createHash} from 'node:crypto';

/** Shell text that runs on hosts: a constant, made by `sh` alone. Its first line is a comment that states what it prints. */
export interface Script {
	readonly text: string;
	/** Names the script in the host's shell, where it is defined once. */
	readonly id: string;
}

/**
 * Makes a script. The tag takes no values: what varies travels as `"$1"`, `"$2"`, … or on stdin, so an interpolation does not compile.
 * The text is taken raw (a backslash is a backslash) and must be POSIX sh; only a parameter in braces is written `\${name%/*}`, because
 * JavaScript would take it for an interpolation.
 *
 * What tidies up behind itself does so by a trap on EXIT, and gets there by
 * `trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM`: PIPE too, since a shell tells stderr of a child that was ended, and that may lead nowhere any more; and
 * a second signal must not end the programs that tidy up.
 */
export function sh(strings: TemplateStringsArray, ...none: never[]): Script {
	if (none.length > 0) throw new TypeError('a script takes no values');
	const text = strings.raw[0]!.replace(/^\n/, '').replace(/^\t+/gm, '').replaceAll('\\${', '${');
	return {text, id: `pb_${createHash('sha1').update(text).digest('hex').slice(0, 10)}`};
}
