import {Dict, pythonStr, Secret, Tuple, Unknown, type Value} from '../jinja/jinja.js';

/** What stands in a secret's place wherever people or programs look. */
export const hidden = '«hidden»';

/** What stands in the place of a value that cannot be foretold. */
export const unforeseeable = '«unknown»';

/** How long a text of a vault's file, or one made of secrets, is at least to be hidden in all of a run: a shorter one may be a part of any word. */
const leastLength = 6;

/** The texts of a run that no output may show. */
export class Secrets {
	readonly #texts = new Set<string>();
	/** The longest first: a secret may begin with another. */
	#ordered: readonly string[] | undefined;

	/** Notes texts; what is empty or blank cannot be told from other text and is no secret. */
	add(...texts: readonly string[]): void {
		for (const text of texts) {
			if (text.trim() === '' || this.#texts.has(text)) continue;
			this.#texts.add(text);
			this.#ordered = undefined;
		}
	}

	/** Notes texts of which nobody said one by one that they are secret: short ones are hidden only where they are used. */
	addLong(...texts: readonly string[]): void {
		this.add(...texts.filter(({length}) => length >= leastLength));
	}

	/** How many there are: a text that was hidden is still hidden while this stays. */
	get count(): number {
		return this.#texts.size;
	}

	/** The same secrets and more, for one result. */
	and(texts: readonly string[]): Secrets {
		const both = new Secrets();
		both.add(...this.#texts, ...texts);
		return both;
	}

	/** A text with every secret replaced. */
	hideText(text: string): string {
		this.#ordered ??= [...this.#texts].sort((a, b) => b.length - a.length);
		return hideIn(text, this.#ordered);
	}

	/** The text of a value, every secret in it replaced. */
	shown(value: Value): string {
		return pythonStr(this.hide(value));
	}

	/** A value with every secret replaced, in keys too; what is unknown is said to be. */
	hide(value: Value): Value {
		if (value instanceof Unknown) return unforeseeable;
		if (value instanceof Secret) return this.hideText(hideIn(value.text, value.pieces));
		if (typeof value === 'string') return this.hideText(value);
		if (Array.isArray(value)) return value.map((item: Value) => this.hide(item));
		if (value instanceof Tuple) return new Tuple(value.items.map((item) => this.hide(item)));
		if (value instanceof Dict) {
			const shown = new Dict();
			for (const key of value.keys()) shown.set(this.hide(key), this.hide(value.get(key)!));
			return shown;
		}
		return value;
	}
}

function hideIn(text: string, secrets: readonly string[]): string {
	let shown = text;
	for (const secret of secrets) if (secret !== '' && shown.includes(secret)) shown = shown.replaceAll(secret, hidden);
	return shown;
}
