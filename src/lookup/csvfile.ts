import {type Lookup, lookupFault, textOption, textTerm} from './context.js';
import {optionFile} from './file-lookups.js';
import {readText, valueIn} from './find-file.js';
import {splitKeyValues} from './key-values.js';

/** The value of a column in the row whose key column is the term. */
export const csvfile: Lookup = (terms, options, context) => {
	if (terms.length === 0) throw lookupFault('Search key is required but was not found');
	const known = ['file', 'delimiter', 'encoding', 'default', 'col', 'keycol'];
	return terms.flatMap((term) => {
		const {values, rest: key} = splitKeyValues(textTerm(term));
		if (key === '') throw lookupFault('Search key is required but was not found');
		for (const name of values.keys()) if (!known.includes(name)) throw lookupFault(`'${name}' is not a valid option`);
		const merged = new Map([...options, ...values]);
		const delimiter = textOption(merged, 'delimiter', 'TAB');
		const path = optionFile(textOption(merged, 'file', 'ansible.csv'), context);
		const read = readText(path, context.vault, textOption(merged, 'encoding', 'utf-8'));
		const keyColumn = Number(textOption(merged, 'keycol', '0'));
		const row = parseCsv(read.text, delimiter === 'TAB' || delimiter === 't' ? '\t' : delimiter).find(
			(one) => one[keyColumn] === key,
		);
		if (!row) return merged.get('default') === undefined || merged.get('default') === null ? [] : [merged.get('default')!];
		const value = row[Number(textOption(merged, 'col', '1'))];
		if (value === undefined) throw lookupFault('list index out of range');
		return [valueIn(read, value)];
	});
};

/** Rows of CSV as Python's `csv.excel` reads them: `"` quotes, doubled inside; empty lines are left out. */
export function parseCsv(text: string, delimiter: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let field = '';
	let quoted = false;
	let atStart = true;
	const endRow = (): void => {
		if (row.length || field !== '' || !atStart) rows.push([...row, field]);
		row = [];
		field = '';
		atStart = true;
	};
	for (let at = 0; at < text.length; at++) {
		const character = text[at]!;
		if (quoted) {
			if (character !== '"') field += character;
			else if (text[at + 1] === '"') {
				field += '"';
				at++;
			} else quoted = false;
		} else if (character === '"' && atStart) {
			quoted = true;
			atStart = false;
		} else if (character === delimiter) {
			row.push(field);
			field = '';
			atStart = true;
		} else if (character === '\n' || character === '\r') {
			if (character === '\r' && text[at + 1] === '\n') at++;
			endRow();
		} else {
			field += character;
			atStart = false;
		}
	}
	endRow();
	return rows;
}
