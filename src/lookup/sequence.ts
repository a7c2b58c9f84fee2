import {checkItems, checkLength, pythonStr} from '../jinja/jinja.js';
import {type Lookup, type LookupOptions, lookupFault, textTerm} from './context.js';
import {splitKeyValues} from './key-values.js';

const number = '(0?x?[0-9a-f]+)';
const shortcut = new RegExp(`^(${number}-)?${number}(/${number})?(:(.+))?$`, 'i');
const fields = ['start', 'end', 'stride', 'count', 'format'];

/** `5`, `2-10/2`, `4:host%02d` or `start=1 end=5 stride=2 format=%02d`, or options: numbers as texts. */
export const sequence: Lookup = (terms, options) => {
	const wanted = terms.length === 0 && options.size > 0 ? [''] : terms;
	return wanted.flatMap((term) => count(settingsOf(textTerm(term), options)));
};

interface Settings {
	readonly start: number;
	readonly end: number | undefined;
	readonly count: number | undefined;
	readonly stride: number;
	readonly format: string;
}

function settingsOf(term: string, options: LookupOptions): Settings {
	const values = new Map<string, string>();
	for (const field of fields) {
		const value = options.get(field);
		if (value !== undefined && value !== null) values.set(field, pythonStr(value));
	}
	const short = shortcut.exec(term);
	if (short) {
		if (short[2] !== undefined) values.set('start', short[2]);
		values.set('end', short[3]!);
		if (short[5] !== undefined) values.set('stride', short[5]);
		if (short[7] !== undefined) values.set('format', short[7]);
	} else {
		const {values: given} = splitKeyValues(term);
		const unknown = [...given.keys()].filter((name) => !fields.includes(name));
		if (unknown.length)
			throw lookupFault(`unrecognized arguments to with_sequence: [${unknown.map((name) => `'${name}'`).join(', ')}]`);
		for (const [name, value] of given) values.set(name, value);
	}
	const integer = (name: string) => (values.has(name) ? parseInteger(name, values.get(name)!) : undefined);
	return {
		start: integer('start') ?? 1,
		end: integer('end'),
		count: integer('count'),
		stride: integer('stride') ?? 1,
		format: values.get('format') ?? '%d',
	};
}

function parseInteger(name: string, text: string): number {
	if (/^[-+]?0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16);
	if (/^[-+]?[0-9]+$/.test(text)) return Number(text);
	throw lookupFault(`unknown error parsing with_sequence arguments: the value '${text}' of '${name}' is not an integer`);
}

function count(settings: Settings): string[] {
	const {start, stride, format} = settings;
	if (settings.count === undefined && settings.end === undefined) throw lookupFault('must specify count or end in with_sequence');
	if (settings.count !== undefined && settings.end !== undefined)
		throw lookupFault("can't specify both count and end in with_sequence");
	if (settings.count === 0) return [];
	const end = settings.end ?? start + settings.count! * stride - 1;
	if (stride > 0 && end < start) throw lookupFault('to count backwards make stride negative');
	if (stride < 0 && end > start) throw lookupFault("to count forward don't make stride negative");
	if (stride === 0) return [];
	if (format.split('%').length !== 2) throw lookupFault(`bad formatting string: ${format}`);
	checkItems(Math.floor((end - start) / stride) + 1);
	const results: string[] = [];
	for (let value = start; stride > 0 ? value <= end : value >= end; value += stride) results.push(formatNumber(format, value));
	return results;
}

/** Python's `format % number` for the conversions of whole numbers. */
function formatNumber(format: string, value: number): string {
	const match = /%([-+ 0#]*)(\d*)(?:\.(\d+))?([diuxXosr])/.exec(format);
	if (!match) throw lookupFault(`problem formatting ${value} with '${format}'`);
	const [whole, flags, width, precision, conversion] = match as unknown as [string, string, string, string | undefined, string];
	checkLength(Math.max(Number(width), Number(precision ?? 0)));
	const radix = conversion === 'o' ? 8 : /[xX]/.test(conversion) ? 16 : 10;
	let digits = Math.abs(value)
		.toString(radix)
		.padStart(Number(precision ?? 0), '0');
	if (conversion === 'X') digits = digits.toUpperCase();
	const mark = flags.includes('#') && radix !== 10 ? (radix === 8 ? '0o' : `0${conversion}`) : '';
	const sign = (value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + mark;
	let text = sign + digits;
	if (flags.includes('-')) text = text.padEnd(Number(width));
	else if (flags.includes('0')) text = sign + digits.padStart(Number(width) - sign.length, '0');
	else text = text.padStart(Number(width));
	return format.slice(0, match.index) + text + format.slice(match.index + whole.length);
}
