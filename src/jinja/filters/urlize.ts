import {escapeHtml} from '../internal.js';
import {integerArgument} from '../python/argument.js';
import {spaces} from '../python/characters.js';
import type {Value} from '../value.js';

const web =
	/^(?:https?:\/\/|www\.)(?:[\w%-]+\.)+(?:[a-z]{2,63}|xn--[\w%]{2,59})(?::\d{1,5})?(?:[/?#]\S*)?$|^(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)(?::\d{1,5})?(?:[/?#]\S*)?$|^https?:\/\/(?:(?:\d{1,3})(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\])(?::\d{1,5})?(?:[/?#]\S*)?$/iu;
const mail = /^\S+@\w[\w.-]*\.\w+$/u;

export interface LinkOptions {
	/** How long the shown address may be: an integer, or null. Anything else fails where there is an address. */
	readonly limit: Value;
	readonly rel: string;
	readonly target: string | undefined;
	readonly schemes: readonly string[];
}

/** Escapes a text and makes links of web and mail addresses in it. */
export function urlize(text: string, {limit, rel, target, schemes}: LinkOptions): string {
	const attributes = `${rel ? ` rel="${escapeHtml(rel)}"` : ''}${target ? ` target="${target}"` : ''}`;
	const shown = (address: string): string => {
		if (limit === null) return address;
		const most = integerArgument(limit, 'trim_url_limit');
		return address.length > most ? `${address.slice(0, most)}...` : address;
	};
	const link = (word: string): string => {
		if (web.test(word))
			return `<a href="${/^https?:\/\//.test(word) ? word : `https://${word}`}"${attributes}>${shown(word)}</a>`;
		if (word.startsWith('mailto:') && mail.test(word.slice(7))) return `<a href="${word}">${word.slice(7)}</a>`;
		if (word.includes('@') && !word.startsWith('www.') && !word.startsWith('@') && !word.includes(':') && mail.test(word)) {
			return `<a href="mailto:${word}">${word}</a>`;
		}
		const scheme = schemes.find((one) => word !== one && word.startsWith(one));
		return scheme === undefined ? word : `<a href="${word}"${attributes}>${word}</a>`;
	};
	return escapeHtml(text)
		.split(new RegExp(`([${spaces}]+)`))
		.map((word) => {
			const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
			let middle = word.slice(head.length);
			let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
			middle = middle.slice(0, middle.length - tail.length);
			for (const [open, close] of [
				['(', ')'],
				['<', '>'],
				['&lt;', '&gt;'],
			] as const) {
				const opened = middle.split(open).length - 1;
				if (opened <= middle.split(close).length - 1) continue;
				for (let turn = Math.min(opened, tail.split(close).length - 1); turn > 0; turn--) {
					const end = tail.indexOf(close) + close.length;
					middle += tail.slice(0, end);
					tail = tail.slice(end);
				}
			}
			return head + link(middle) + tail;
		})
		.join('');
}
