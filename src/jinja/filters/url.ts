import {valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {Dict, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** Python's `urlsplit`, which takes an address apart and changes nothing in it. Throws `ValueError`. */
function splitUrl(given: string): {scheme: string; netloc: string; path: string; query: string; fragment: string} {
	let rest = given.replace(/^[\0-\x20]+/, '').replace(/[\t\r\n]/g, '');
	let scheme = '';
	const prefix = /^([a-z][a-z0-9+.-]*):/i.exec(rest);
	if (prefix) {
		scheme = prefix[1]!.toLowerCase();
		rest = rest.slice(prefix[0].length);
	}
	let netloc = '';
	if (rest.startsWith('//')) {
		netloc = /^[^/?#]*/.exec(rest.slice(2))![0];
		rest = rest.slice(2 + netloc.length);
		if (netloc.includes('[') !== netloc.includes(']')) throw valueError('Invalid IPv6 URL');
		checkBrackets(netloc);
	}
	const [beforeHash, fragment] = cut(rest, '#');
	const [path, query] = cut(beforeHash, '?');
	return {scheme, netloc, path, query, fragment};
}

function checkBrackets(netloc: string): void {
	const host = netloc.slice(netloc.lastIndexOf('@') + 1);
	if (!host.includes('[')) return;
	const match = /^\[([^\]]*)\](?::.*)?$/.exec(host);
	if (!match) throw valueError('Invalid IPv6 URL');
	const inside = match[1]!;
	if (
		inside.startsWith('v')
			? !/^v[a-fA-F0-9]+\..+$/.test(inside)
			: !/^[\da-fA-F:.]+(?:%.+)?$/.test(inside) || !inside.includes(':')
	)
		throw valueError(`${pythonRepr(inside)} does not appear to be an IPv4 or IPv6 address`);
}

function cut(text: string, separator: string): [before: string, after: string] {
	const at = text.indexOf(separator);
	return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function partsOf(url: string): Map<string, Value> {
	const {scheme, netloc, path, query, fragment} = splitUrl(url);
	const at = netloc.lastIndexOf('@');
	const [user, host] = at === -1 ? [undefined, netloc] : [netloc.slice(0, at), netloc.slice(at + 1)];
	const [username, password] = user === undefined ? [null, null] : user.includes(':') ? cut(user, ':') : [user, null];
	const bracketed = /\[([^\]]*)\]?(.*)$/s.exec(host);
	const [name, port] = bracketed ? [bracketed[1]!, cut(bracketed[2]!, ':')[1]] : cut(host, ':');
	if (port && !/^\d+$/.test(port)) throw valueError(`Port could not be cast to integer value as ${pythonRepr(port)}`);
	if (Number(port) > 65_535) throw valueError('Port out of range 0-65535');
	const [address, zone] = cut(name, '%');
	return new Map<string, Value>([
		['fragment', fragment],
		['hostname', name ? address.toLowerCase() + (name.includes('%') ? `%${zone}` : '') : null],
		['netloc', netloc],
		['password', password],
		['path', path],
		['port', port ? Number(port) : null],
		['query', query],
		['scheme', scheme],
		['username', username],
	]);
}

/** `%41` as UTF-8; what is no character becomes U+FFFD, a `%` without digits stays. */
function unquote(text: string): string {
	return text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** Filters on addresses of the web. */
export const urlFilters: FilterTable = {
	urlsplit: {
		summary: 'The parts of a URL, or one of them.',
		signature: "value, query='', alias='urlsplit'",
		example: ["'http://a:80/b' | urlsplit('port')", '80'],
		call(_context, value, query, alias) {
			const parts = partsOf(value === null ? '' : textArgument(value!, 'url'));
			if (!isTruthy(query!)) return Dict.from(parts);
			const found = parts.get(textOf(query!) ?? '');
			if (found === undefined) throw valueError(`${pythonStr(alias!)}: unknown URL component: ${pythonStr(query!)}`);
			return found;
		},
	},
	urldecode: {
		summary: 'A text with its percent signs and plus signs decoded.',
		signature: "string, encoding='utf-8', errors='replace'",
		example: ["'a%20b+c' | urldecode", "'a b c'"],
		call: (_context, string) => unquote(textArgument(string!, 'string').replaceAll('+', ' ')),
	},
};
