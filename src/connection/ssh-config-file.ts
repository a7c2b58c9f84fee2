import {readdirSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import {UnreachableError} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {splitWords} from './quote.js';
import {matchesPattern, matchesPatterns} from './wildcard.js';

/** One setting that holds for the host in question, in the order found: of most keywords the first counts. */
export interface Setting {
	/** In lower case. */
	readonly keyword: string;
	readonly words: readonly string[];
	/** `file:line`, or the command line's own words. */
	readonly place: string;
}

/** What `Host` and `Match` look at. `host` is the name after `HostName` was applied, as far as it is known yet. */
export interface Asked {
	readonly originalHost: string;
	readonly localUser: string;
	readonly user: string | undefined;
	readonly home: string;
	/** The text of a file. Throws what the file system throws. */
	read(file: string): string;
}

/** How deep `Include` may go, as in OpenSSH. */
const DEPTH = 16;

/**
 * Adds the settings of one ssh_config(5) file that hold for a host to those already known. A file that is not there adds nothing.
 * Throws `NeedsOpenssh` for what can not be decided here (`Match exec`).
 */
export function readSshConfig(file: string, asked: Asked, settings: Setting[], depth = 0): void {
	let text: string;
	try {
		text = asked.read(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw new UnreachableError(`cannot read ${file}: ${(error as Error).message}`, error);
	}
	let active = true;
	text.split('\n').forEach((line, index) => {
		const place = `${file}:${index + 1}`;
		const parsed = parseLine(line);
		if (!parsed) return;
		const {keyword, words} = parsed;
		if (keyword === 'host') active = matchesPatterns(asked.originalHost, words);
		else if (keyword === 'match') active = matches(words, asked, settings, place);
		else if (!active) return;
		else if (keyword === 'include') {
			if (depth === DEPTH) throw new UnreachableError(`${place}: files are included too deep`);
			for (const pattern of words) {
				for (const included of expand(pattern, file, asked.home)) readSshConfig(included, asked, settings, depth + 1);
			}
		} else settings.push({keyword, words, place});
	});
}

/** A line's keyword and arguments (`Keyword value`, `Keyword=value`, quotes), or undefined for a blank line or comment. */
export function parseLine(line: string): {keyword: string; words: string[]} | undefined {
	const match = /^\s*([A-Za-z0-9]+)\s*(?:=\s*|\s|$)(.*)$/.exec(line.replace(/\r$/, ''));
	if (!match) return undefined;
	const keyword = match[1]!.toLowerCase();
	const rest = match[2]!.trim();
	// What stands after these is one command with its own quotes.
	if (keyword === 'proxycommand' || keyword === 'knownhostscommand' || keyword === 'localcommand')
		return {keyword, words: [rest]};
	const words = splitWords(rest);
	const comment = words.findIndex((word) => word.startsWith('#'));
	return {keyword, words: comment === -1 ? words : words.slice(0, comment)};
}

function matches(words: readonly string[], asked: Asked, settings: readonly Setting[], place: string): boolean {
	const first = (keyword: string) => settings.find((setting) => setting.keyword === keyword)?.words[0];
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!.toLowerCase();
		const negated = word.startsWith('!');
		const criterion = negated ? word.slice(1) : word;
		if (criterion === 'all') continue;
		// The second pass of OpenSSH, after the name is final, is the only one here; a name is made canonical by OpenSSH alone.
		if (criterion === 'final' || criterion === 'canonical') {
			if ((criterion === 'final') === negated) return false;
			continue;
		}
		const patterns = () => (words[++index] ?? '').split(',');
		let holds: boolean;
		switch (criterion) {
			case 'host':
				holds = matchesPatterns(first('hostname') ?? asked.originalHost, patterns());
				break;
			case 'originalhost':
				holds = matchesPatterns(asked.originalHost, patterns());
				break;
			case 'user':
				holds = matchesPatterns(asked.user ?? first('user') ?? asked.localUser, patterns());
				break;
			case 'localuser':
				holds = matchesPatterns(asked.localUser, patterns());
				break;
			default:
				throw new NeedsOpenssh(`${place} has \`Match ${criterion}\``);
		}
		if (holds === negated) return false;
	}
	return true;
}

/** The files that an `Include` names: relative to ~/.ssh for the user's file, to /etc/ssh for the system's, with `*` and `?` in any part. */
function expand(pattern: string, from: string, home: string): string[] {
	const base = from.startsWith('/etc/ssh/') ? dirname(from) : join(home, '.ssh');
	const full = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : isAbsolute(pattern) ? pattern : join(base, pattern);
	let found = ['/'];
	for (const part of full.split('/').filter(Boolean)) {
		if (!/[*?]/.test(part)) found = found.map((folder) => join(folder, part));
		else {
			found = found.flatMap((folder) => {
				const names = namesIn(folder).filter(
					(name) => matchesPattern(name, part) && (!name.startsWith('.') || part.startsWith('.')),
				);
				return names.sort().map((name) => join(folder, name));
			});
		}
	}
	return found;
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
