/** Which styles a text allows. */
export interface ScalarAnalysis {
	readonly multiline: boolean;
	readonly flowPlain: boolean;
	readonly blockPlain: boolean;
	readonly singleQuoted: boolean;
	readonly block: boolean;
}

const empty: ScalarAnalysis = {multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true, block: false};

/** Line breaks, as libyaml knows them. */
export function isBreak(character: string | undefined): boolean {
	return character === '\n' || character === '\r' || character === '\x85' || character === '\u2028' || character === '\u2029';
}

/** What libyaml writes as it is: not tabs, other control characters, U+FEFF or anything above U+FFFD. */
export function isPrintable(character: string): boolean {
	return /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u.test(character);
}

function isBlankOrEnd(character: string | undefined): boolean {
	return character === undefined || character === ' ' || character === '\t' || character === '\0' || isBreak(character);
}

/** Which styles libyaml's emitter allows for a text (given as code points). */
export function analyzeScalar(text: readonly string[], allowUnicode: boolean): ScalarAnalysis {
	if (!text.length) return empty;
	const dots = text.slice(0, 3).join('');
	let flowIndicators = dots === '---' || dots === '...';
	let blockIndicators = flowIndicators;
	let special = false;
	let multiline = false;
	let breakThenSpace = false;
	let spaceThenBreak = false;
	for (const [index, character] of text.entries()) {
		const before = text[index - 1];
		const blankAfter = isBlankOrEnd(text[index + 1]);
		if (index === 0) {
			if (',[]{}#&*!|>\'"%@`'.includes(character)) flowIndicators = blockIndicators = true;
			else if (character === '?' || character === ':') {
				flowIndicators = true;
				blockIndicators ||= blankAfter;
			} else if (character === '-' && blankAfter) flowIndicators = blockIndicators = true;
		} else if (',?[]{}'.includes(character)) flowIndicators = true;
		else if (character === ':') {
			flowIndicators = true;
			blockIndicators ||= blankAfter;
		} else if (character === '#' && isBlankOrEnd(before)) flowIndicators = blockIndicators = true;
		if (!isPrintable(character) || (!allowUnicode && character > '\x7f')) special = true;
		if (isBreak(character)) {
			multiline = true;
			if (before === ' ') spaceThenBreak = true;
		} else if (character === ' ' && isBreak(before)) breakThenSpace = true;
	}
	const [first, last] = [text[0], text.at(-1)];
	const plain = !multiline && first !== ' ' && last !== ' ' && !isBreak(first) && !breakThenSpace && !spaceThenBreak && !special;
	return {
		multiline,
		flowPlain: plain && !flowIndicators,
		blockPlain: plain && !blockIndicators,
		singleQuoted: !breakThenSpace && !spaceThenBreak && !special,
		block: last !== ' ' && !spaceThenBreak && !special,
	};
}
