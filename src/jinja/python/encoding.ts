/*
 * Texts and bytes by the names of Python's codecs. What a codec cannot read becomes a lone surrogate (`surrogateescape`), which writes the same byte
 * again: a binary file survives `b64decode | b64encode` as it does in Ansible.
 */
import {valueError} from '../fault.js';
import type {Value} from '../value.js';
import {pythonStr, stringRepr} from './text.js';

type Codec =
	| {readonly kind: 'utf8' | 'utf16' | 'utf32'; readonly mark: boolean; readonly bigEndian: boolean}
	| {readonly kind: 'bytes'; readonly name: string; readonly characters: readonly (string | undefined)[]};

const unicode: Readonly<Record<string, Codec>> = {
	utf8: {kind: 'utf8', mark: false, bigEndian: false},
	utf8sig: {kind: 'utf8', mark: true, bigEndian: false},
	utf16: {kind: 'utf16', mark: true, bigEndian: false},
	utf16le: {kind: 'utf16', mark: false, bigEndian: false},
	utf16be: {kind: 'utf16', mark: false, bigEndian: true},
	utf32: {kind: 'utf32', mark: true, bigEndian: false},
	utf32le: {kind: 'utf32', mark: false, bigEndian: false},
	utf32be: {kind: 'utf32', mark: false, bigEndian: true},
};
const aliases: Readonly<Record<string, string>> = {
	u8: 'utf8',
	utf: 'utf8',
	cp65001: 'utf8',
	u16: 'utf16',
	u32: 'utf32',
	usascii: 'ascii',
	646: 'ascii',
	ansix341968: 'ascii',
	latin1: 'iso88591',
	latin: 'iso88591',
	l1: 'iso88591',
	cp819: 'iso88591',
	8859: 'iso88591',
	latin2: 'iso88592',
	latin9: 'iso885915',
};
const loneSurrogate = /\p{Surrogate}/u;
const codecs = new Map<string, Codec>();

/** The codec of a name; throws `ValueError` when there is none. */
function codecOf(name: string): Codec {
	const short = name.toLowerCase().replace(/[-_ ]/g, '');
	const key = Object.hasOwn(aliases, short) ? aliases[short]! : short;
	if (Object.hasOwn(unicode, key)) return unicode[key]!;
	let codec = codecs.get(key);
	if (!codec) {
		const characters = charactersOf(key);
		if (!characters) throw valueError(`unknown encoding: ${name}`);
		codec = {kind: 'bytes', name: key === 'iso88591' ? 'latin-1' : key === 'ascii' ? 'ascii' : 'charmap', characters};
		codecs.set(key, codec);
	}
	return codec;
}

const windows1252 = Array.from('€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ');

/** The characters of the 256 bytes in an encoding of one byte a character; undefined when there is no such encoding. */
function charactersOf(key: string): (string | undefined)[] | undefined {
	const bytes = Array.from({length: 256}, (_, byte) => byte);
	if (key === 'iso88591') return bytes.map((byte) => String.fromCharCode(byte));
	if (key === 'ascii') return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : undefined));
	const part = /^(?:iso8859(\d+)|(?:cp|windows)(125\d)|cp(866|874)|(koi8[ru])|(macroman))$/.exec(key);
	if (!part) return undefined;
	const [, iso, windows, page, koi, mac] = part;
	const label = iso
		? `iso-8859-${iso}`
		: windows
			? `windows-${windows}`
			: koi
				? koi.replace('8', '8-')
				: mac
					? 'macintosh'
					: page === '866'
						? 'ibm866'
						: 'windows-874';
	// Node reads this one as Latin 1.
	if (windows === '1252')
		return bytes.map((byte) =>
			byte < 0x80 || byte > 0x9f ? String.fromCharCode(byte) : windows1252[byte - 0x80]?.trim() || undefined,
		);
	let decoder: InstanceType<typeof TextDecoder>;
	try {
		decoder = new TextDecoder(label, {fatal: true});
	} catch {
		return undefined;
	}
	return bytes.map((byte) => {
		// The web reads some ISO encodings as their Windows kin, and the gaps of Windows' as controls.
		if (iso && byte >= 0x80 && byte < 0xa0) return String.fromCharCode(byte);
		try {
			const character = decoder.decode(Uint8Array.of(byte));
			return windows && byte >= 0x80 && byte < 0xa0 && character === String.fromCharCode(byte) ? undefined : character;
		} catch {
			return undefined;
		}
	});
}

const escapedByte = (code: number): number | undefined => (code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : undefined);

/** A value as Ansible's `to_text` takes it: bytes are UTF-8, anything else its Python text. */
export function toText(value: Value): string {
	return value instanceof Uint8Array ? decodeBytes(value) : pythonStr(value);
}

/** The bytes of a text. `escapes`: lone surrogates that stand for bytes become these. Throws `ValueError` for what the encoding does not have. */
export function encodeText(text: string, encoding = 'utf-8', escapes = true): Buffer {
	const codec = codecOf(encoding);
	if (codec.kind === 'utf8' && !codec.mark && !loneSurrogate.test(text)) return Buffer.from(text);
	const refuse = (character: string, place: number, why: string): never => {
		const shown = stringRepr(character).startsWith("'\\")
			? stringRepr(character)
			: stringRepr(character).replace(character, escapeOf(character));
		throw valueError(
			`'${codec.kind === 'bytes' ? codec.name : encoding}' codec can't encode character ${shown} in position ${place}: ${why}`,
		);
	};
	const parts: number[] = [];
	if (codec.kind !== 'bytes' && codec.mark) writeUnit(parts, codec, 0xfeff);
	for (const [place, character] of Array.from(text).entries()) {
		const code = character.codePointAt(0)!;
		const byte = escapes ? escapedByte(code) : undefined;
		if (byte !== undefined && (codec.kind === 'utf8' || codec.kind === 'bytes')) parts.push(byte);
		else if (code >= 0xd800 && code <= 0xdfff) refuse(character, place, 'surrogates not allowed');
		else if (codec.kind === 'bytes') {
			const found = codec.characters.indexOf(character);
			const limit =
				codec.name === 'ascii'
					? 'ordinal not in range(128)'
					: codec.name === 'latin-1'
						? 'ordinal not in range(256)'
						: 'character maps to <undefined>';
			parts.push(found === -1 ? refuse(character, place, limit) : found);
		} else writeUnit(parts, codec, code);
	}
	return Buffer.from(parts);
}

function escapeOf(character: string): string {
	const code = character.codePointAt(0)!;
	if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
	return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

function writeUnit(parts: number[], {kind, bigEndian}: Codec & {bigEndian: boolean}, code: number): void {
	if (kind === 'utf8') {
		parts.push(...Buffer.from(String.fromCodePoint(code)));
		return;
	}
	const size = (kind as string) === 'utf16' ? 2 : 4;
	const units =
		size === 2 ? Array.from({length: code > 0xffff ? 2 : 1}, (_, index) => String.fromCodePoint(code).charCodeAt(index)) : [code];
	for (const unit of units) {
		const bytes = Array.from({length: size}, (_, index) => (unit >>> (8 * index)) & 0xff);
		parts.push(...(bigEndian ? bytes.reverse() : bytes));
	}
}

/** The text of bytes. `escapes`: a byte that means nothing becomes a lone surrogate; without it `ValueError` is thrown. */
export function decodeBytes(bytes: Uint8Array, encoding = 'utf-8', escapes = true): string {
	const codec = codecOf(encoding);
	const refuse = (name: string, byte: number, place: number, why: string): never => {
		throw valueError(`'${name}' codec can't decode byte 0x${byte.toString(16).padStart(2, '0')} in position ${place}: ${why}`);
	};
	if (codec.kind === 'bytes') {
		return Array.from(bytes, (byte, place) => {
			const character = codec.characters[byte];
			if (character !== undefined) return character;
			if (escapes) return String.fromCharCode(0xdc00 + byte);
			return refuse(
				codec.name,
				byte,
				place,
				codec.name === 'ascii' ? 'ordinal not in range(128)' : 'character maps to <undefined>',
			);
		}).join('');
	}
	if (codec.kind === 'utf8') {
		const inner = codec.mark && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
		const text = Buffer.from(inner).toString('utf8');
		if (!text.includes('\ufffd')) return text;
		return decodeUtf8(inner, (byte, place) =>
			escapes ? String.fromCharCode(0xdc00 + byte) : refuse('utf-8', byte, place, 'invalid start byte'),
		);
	}
	return decodeUnits(bytes, codec, encoding);
}

/** UTF-8 with every byte that belongs to no character given to `broken`. */
function decodeUtf8(bytes: Uint8Array, broken: (byte: number, place: number) => string): string {
	let text = '';
	for (let at = 0; at < bytes.length; ) {
		const first = bytes[at]!;
		const length =
			first < 0x80
				? 1
				: first >= 0xc2 && first <= 0xdf
					? 2
					: first >= 0xe0 && first <= 0xef
						? 3
						: first >= 0xf0 && first <= 0xf4
							? 4
							: 0;
		const character =
			length && at + length <= bytes.length ? Buffer.from(bytes.subarray(at, at + length)).toString('utf8') : '\ufffd';
		const isReal = length === 3 && first === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
		if (length && (isReal || !character.includes('\ufffd'))) {
			text += character;
			at += length;
		} else text += broken(first, at++);
	}
	return text;
}

function decodeUnits(
	bytes: Uint8Array,
	{kind, mark, bigEndian}: Codec & {mark: boolean; bigEndian: boolean},
	encoding: string,
): string {
	const size = kind === 'utf16' ? 2 : 4;
	if (bytes.length % size)
		throw valueError(
			`'${encoding}' codec can't decode byte 0x${bytes.at(-1)!.toString(16)} in position ${bytes.length - 1}: truncated data`,
		);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const read = (at: number, little: boolean): number => (size === 2 ? view.getUint16(at, little) : view.getUint32(at, little));
	let little = !bigEndian;
	let start = 0;
	if (mark && bytes.length >= size) {
		if (read(0, true) === 0xfeff) start = size;
		else if (read(0, false) === 0xfeff) {
			start = size;
			little = false;
		}
	}
	let text = '';
	for (let at = start; at < bytes.length; at += size) {
		const unit = read(at, little);
		if (unit > 0x10ffff)
			throw valueError(
				`'${encoding}' codec can't decode bytes in position ${at}-${at + size - 1}: code point not in range(0x110000)`,
			);
		text += size === 2 ? String.fromCharCode(unit) : String.fromCodePoint(unit);
	}
	if (loneSurrogate.test(text)) throw valueError(`'${encoding}' codec can't decode bytes: illegal UTF-16 surrogate`);
	return text;
}
