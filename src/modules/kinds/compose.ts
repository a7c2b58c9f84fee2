import {type Script, sh} from '../../connection/connection.js';

/** One script of several constant ones, in order: still a constant. */
export function together(...parts: readonly Script[]): Script {
	return literally(parts.map(({text}) => text).join('\n'));
}

/** A script of a text that this program's own tables make; never of a value. */
export function literally(text: string): Script {
	return sh(Object.assign([text], {raw: [text]}) as unknown as TemplateStringsArray);
}
