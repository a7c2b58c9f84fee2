import {Dict, Secret, Tuple, type Value} from '../jinja/jinja.js';

/** What stands in a secret's place wherever people or programs look. */
export const hidden = '«hidden»';

/** The texts of a run that no output may show. */
export class Secrets {
	readonly #texts = new Set<string>();

	/** Notes texts; what is empty or blank cannot be told from other text and is no secret. */
	add(...texts: readonly string[]): void {
		for (const text of texts) if (text.trim() !== '') this.#texts.add(text);
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
		let shown = text;
		for (const secret of this.#texts) if (shown.includes(secret)) shown = shown.replaceAll(secret, hidden);
		return shown;
	}

	/** A value with every secret replaced, in keys too. */
	hide(value: Value): Value {
		if (value instanceof Secret) return hidden;
		if (typeof value === 'string') return this.hideText(value);
		if (Array.isArray(value)) return value.map((item: Value) => this.hide(item));
		if (value instanceof Tuple) return new Tuple(value.items.map((item) => this.hide(item)));
		if (value instanceof Dict)
			return Dict.from([...value.entries()].map(([key, item]): [Value, Value] => [this.hide(key), this.hide(item)]));
		return value;
	}
}
