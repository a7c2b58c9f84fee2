import {PythonError} from '../fault.js';
import type {RegexNode} from './node.js';
import type {ParsedRegex} from './parse.js';
import {assertionSource, setSource} from './to-javascript.js';

/** What is tried at an offset, and what follows it: the end of a match, or -1. */
type Step = (at: number) => boolean;
/** Where a group has matched. */
export type Span = readonly [start: number, end: number] | undefined;

/** How much one search may try. */
const maximumSteps = 1_500_000;

/**
 * Matches what JavaScript's expressions cannot say, by backtracking as Python does: conditions, atomic groups, references to groups that have not matched.
 * Slower, and with a bound on its work.
 */
export class Matcher {
	readonly #pattern: string;
	readonly #match: Step;
	#text = '';
	#groups: Span[] = [];
	readonly #starts: number[] = [];
	#end = -1;
	#steps = 0;
	/** Where a match may not end: an empty one that was found before. */
	#notAt = -1;

	constructor(pattern: string, {root, groups}: ParsedRegex) {
		this.#pattern = pattern;
		this.#groups = Array.from({length: groups + 1});
		this.#match = this.#compile(root, (at) => {
			if (at === this.#notAt) return false;
			this.#end = at;
			return true;
		});
	}

	/** The first match from an offset on: the spans of the whole and of its groups. */
	find(text: string, from: number): readonly Span[] | undefined {
		this.#steps = 0;
		this.#notAt = -1;
		for (let start = from; start <= text.length; start += text.codePointAt(start)! > 0xffff ? 2 : 1) {
			const spans = this.#at(text, start);
			if (spans) return spans;
		}
		return undefined;
	}

	/** The match at an offset that is not empty. */
	findHere(text: string, at: number): readonly Span[] | undefined {
		this.#steps = 0;
		this.#notAt = at;
		return this.#at(text, at);
	}

	#at(text: string, start: number): readonly Span[] | undefined {
		this.#text = text;
		this.#groups.fill(undefined);
		try {
			return this.#match(start) ? [[start, this.#end], ...this.#groups.slice(1)] : undefined;
		} catch (fault) {
			if (fault instanceof RangeError) this.#tooLong();
			throw fault;
		}
	}

	#tooLong(): never {
		throw new PythonError('LimitError', `the regular expression '${this.#pattern}' takes too long on this text`);
	}

	#compile(node: RegexNode, next: Step): Step {
		switch (node.kind) {
			case 'set':
				return this.#character(node, next);
			case 'assertion': {
				const regex = new RegExp(assertionSource(node), 'vy');
				return (at) => {
					regex.lastIndex = at;
					return regex.test(this.#text) && next(at);
				};
			}
			case 'sequence':
				return node.items.reduceRight<Step>((after, item) => this.#compile(item, after), next);
			case 'choice': {
				const options = node.options.map((option) => this.#compile(option, next));
				return (at) => options.some((option) => option(at));
			}
			case 'group':
				return this.#group(node.index, node.body, next);
			case 'reference':
				return (at) => {
					const span = this.#groups[node.index];
					if (!span) return false;
					const wanted = this.#text.slice(...span);
					const found = this.#text.substr(at, wanted.length);
					const same = node.flags.ignoreCase ? found.toLowerCase() === wanted.toLowerCase() : found === wanted;
					return same && next(at + wanted.length);
				};
			case 'conditional': {
				const [yes, no] = [this.#compile(node.yes, next), this.#compile(node.no, next)];
				return (at) => (this.#groups[node.index] ? yes(at) : no(at));
			}
			case 'atomic':
				return this.#atomic(node.body, next);
			case 'look':
				return this.#look(node, next);
			default:
				if (node.mode === 'possessive') return this.#atomic({...node, mode: 'greedy'}, next);
				return node.body.kind === 'set' ? this.#run(node, next) : this.#loop(node, next);
		}
	}

	#test(node: RegexNode & {kind: 'set'}): (at: number) => number {
		const regex = new RegExp(setSource(node, true), 'vy');
		return (at) => {
			if (++this.#steps > maximumSteps) this.#tooLong();
			regex.lastIndex = at;
			return regex.test(this.#text) ? regex.lastIndex : -1;
		};
	}

	#character(node: RegexNode & {kind: 'set'}, next: Step): Step {
		const test = this.#test(node);
		return (at) => {
			const end = test(at);
			return end >= 0 && next(end);
		};
	}

	#group(index: number, node: RegexNode, next: Step): Step {
		const body = this.#compile(node, (at) => {
			const before = this.#groups[index];
			this.#groups[index] = [this.#starts[index]!, at];
			if (next(at)) return true;
			this.#groups[index] = before;
			return false;
		});
		return (at) => {
			const before = this.#starts[index]!;
			this.#starts[index] = at;
			if (body(at)) return true;
			this.#starts[index] = before;
			return false;
		};
	}

	/** A part by itself: where it ends at first, or -1. Its groups stay. */
	#alone(node: RegexNode, end?: () => number): Step & {end: number} {
		const alone = Object.assign(
			(at: number): boolean => {
				alone.end = -1;
				return body(at);
			},
			{end: -1},
		);
		const body = this.#compile(node, (at) => {
			if (end && at !== end()) return false;
			alone.end = at;
			return true;
		});
		return alone;
	}

	#atomic(node: RegexNode, next: Step): Step {
		const body = this.#alone(node);
		return (at) => {
			const before = [...this.#groups];
			if (body(at) && next(body.end)) return true;
			this.#groups = before;
			return false;
		};
	}

	#look(node: RegexNode & {kind: 'look'}, next: Step): Step {
		let here = 0;
		const body = this.#alone(node.body, node.behind ? () => here : undefined);
		return (at) => {
			const before = [...this.#groups];
			let start = at;
			for (let index = 0; node.behind && index < node.width && start >= 0; index++)
				start -= this.#text.codePointAt(start - 2)! > 0xffff ? 2 : 1;
			here = at;
			const found = start >= 0 && body(start);
			if (node.negated || !found) this.#groups = before;
			if (found !== node.negated && next(at)) return true;
			this.#groups = before;
			return false;
		};
	}

	/** A repeated character: no recursion. */
	#run({body, min, max, mode}: RegexNode & {kind: 'repeat'}, next: Step): Step {
		const test = this.#test(body as RegexNode & {kind: 'set'});
		return (at) => {
			const ends = [at];
			const grow = (): boolean => {
				const end = ends.length <= max ? test(ends.at(-1)!) : -1;
				if (end < 0) return false;
				ends.push(end);
				return true;
			};
			while (ends.length <= min) if (!grow()) return false;
			if (mode === 'lazy') {
				do if (next(ends.at(-1)!)) return true;
				while (grow());
				return false;
			}
			while (grow());
			for (; ends.length > min; ends.pop()) if (next(ends.at(-1)!)) return true;
			return false;
		};
	}

	#loop({body: inner, min, max, mode}: RegexNode & {kind: 'repeat'}, next: Step): Step {
		let count = 0;
		let last = -1;
		const turn: Step = (at) => {
			const [turns, before] = [count, last];
			const again = (): boolean => {
				if (++this.#steps > maximumSteps) this.#tooLong();
				count = turns + 1;
				last = at;
				if (body(at)) return true;
				count = turns;
				last = before;
				return false;
			};
			if (turns < min) return again();
			// A turn that matched nothing would turn for ever.
			const mayGoOn = turns < max && at !== before;
			if (mode === 'lazy') return next(at) || (mayGoOn && again());
			return (mayGoOn && again()) || next(at);
		};
		const body = this.#compile(inner, turn);
		return (at) => {
			const [turns, before] = [count, last];
			count = 0;
			last = -1;
			if (turn(at)) return true;
			count = turns;
			last = before;
			return false;
		};
	}
}
