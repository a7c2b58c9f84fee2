import {readdirSync} from 'node:fs';
import {isIP} from 'node:net';
import {dirname, isAbsolute, join} from 'node:path';
import {UnreachableError} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {splitWords} from './quote.js';
import {expandTokens} from './ssh-tokens.js';
import {matchesPattern, matchesPatterns} from './wildcard.js';

/** One setting that holds for the host in question, in the order found: of most keywords the first counts. */
export interface Setting {
	/** In lower case. */
	readonly keyword: string;
	readonly words: readonly string[];
	/** `file:line`, or the command line's own words. */
	readonly place: string;
}

/** What `Host` and `Match` look at. */
export interface Asked {
	readonly originalHost: string;
	readonly localUser: string;
	readonly home: string;
	/** The text of a file. Throws what the file system throws. */
	read(file: string): string;
}

/** One reading of all files. */
interface Pass {
	/** In the final one, `Match final` and `Match canonical` hold. */
	readonly isFinal: boolean;
	/** What `Host` compares: the name as given, in the final pass the one after `HostName`. */
	readonly host: string;
	/** Whether `Match final` was met, which asks for a final pass. */
	wantsFinal: boolean;
}

/** How deep `Include` may go, as in OpenSSH. */
const DEPTH = 16;

/**
 * Adds the settings of ssh_config(5) files that hold for a host to those already known. A file that is not there adds nothing.
 * As OpenSSH does, it reads them a second time where one says `Match final`; what was found before stands.
 * Throws `NeedsOpenssh` for what can not be decided here (`Match exec`).
 */
export function readSshConfig(files: readonly string[], asked: Asked, settings: Setting[]): void {
	const pass: Pass = {isFinal: false, host: asked.originalHost, wantsFinal: false};
	for (const file of files) readFile(file, asked, settings, pass, true, 0);
	if (!pass.wantsFinal) return;
	const host = hostName(settings, asked.originalHost);
	settings.unshift({keyword: 'hostname', words: [host.replaceAll('%', '%%')], place: 'the host'});
	for (const file of files) readFile(file, asked, settings, {...pass, isFinal: true, host}, true, 0);
}

/** Where a host is, once all settings are known. */
export function hostName(settings: readonly Setting[], originalHost: string): string {
	const name = writtenName(settings, originalHost);
	return isIP(name) ? name : name.toLowerCase();
}

/** `HostName`, in which `%h` is the name as given, else that name. */
function writtenName(settings: readonly Setting[], originalHost: string): string {
	const setting = settings.find(({keyword}) => keyword === 'hostname');
	return setting ? expandTokens(setting.words[0] ?? '', {h: originalHost}, setting.place) : originalHost;
}

/** `counts`: whether the file's settings count, and not only the wish for a final pass. */
function readFile(file: string, asked: Asked, settings: Setting[], pass: Pass, counts: boolean, depth: number): void {
	let text: string;
	try {
		text = asked.read(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw new UnreachableError(`cannot read ${file}: ${(error as Error).message}`, error);
	}
	let active = counts;
	text.split('\n').forEach((line, index) => {
		const place = `${file}:${index + 1}`;
		const parsed = parseLine(line);
		if (!parsed) return;
		const {keyword, words} = parsed;
		if (keyword === 'host') active = counts && matchesPatterns(pass.host, words);
		else if (keyword === 'match') active = matches(words, asked, settings, pass, counts, place);
		else if (keyword === 'include') {
			if (depth === DEPTH) throw new UnreachableError(`${place}: files are included too deep`);
			for (const pattern of words) {
				if (active && /[[%$]|^~[^/]/.test(pattern)) throw new NeedsOpenssh(`${place} includes \`${pattern}\``);
				for (const included of expand(pattern, file, asked.home)) readFile(included, asked, settings, pass, active, depth + 1);
			}
		} else if (active) settings.push({keyword, words, place});
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

/** Whether the criteria of a `Match` hold. All are looked at, as also a block that does not hold may ask for a final pass. */
function matches(
	words: readonly string[],
	asked: Asked,
	settings: readonly Setting[],
	pass: Pass,
	counts: boolean,
	place: string,
): boolean {
	const user = settings.find(({keyword}) => keyword === 'user')?.words[0];
	let all = counts;
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!.toLowerCase();
		const negated = word.startsWith('!');
		const criterion = negated ? word.slice(1) : word;
		const patterns = () => (words[++index] ?? '').split(',');
		let holds: boolean;
		switch (criterion) {
			case 'all':
				holds = true;
				break;
			case 'final':
				pass.wantsFinal = true;
				holds = pass.isFinal;
				break;
			case 'canonical':
				holds = pass.isFinal;
				break;
			case 'host':
				holds = matchesPatterns(writtenName(settings, asked.originalHost), patterns());
				break;
			case 'originalhost':
				holds = matchesPatterns(asked.originalHost, patterns());
				break;
			case 'user':
				holds = matchesPatterns(user ?? asked.localUser, patterns());
				break;
			case 'localuser':
				holds = matchesPatterns(asked.localUser, patterns());
				break;
			default:
				if (all) throw new NeedsOpenssh(`${place} has \`Match ${criterion}\``);
				index++;
				continue;
		}
		if (holds === negated) all = false;
	}
	return all;
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
