import {readFileSync} from 'node:fs';
import {contentOfBytes} from '../../src/connection/connection.js';
import type {SourceFiles} from '../../src/modules/contract.js';
import unarchive from '../../src/modules/unarchive.js';
import {type Row, runTable} from './laws.js';

const tree =
	'mkdir -p s/top/sub d; echo one >s/top/a; printf two >s/top/sub/b; chmod 750 s/top/sub/b; ln -s a s/top/l; : >s/top/empty';
const packers = {
	'tar.gz': `${tree}; tar -C s -czf x top`,
	tar: `${tree}; tar -C s -cf x top`,
	zip: `${tree}; (cd s; zip -qry ../x.zip top); mv x.zip x`,
	'tar.bz2': `${tree}; tar -C s -cjf x top`,
	'tar.xz': `${tree}; tar -C s -cJf x top`,
};
const same = 'diff -r s/top d/top; test "$(stat -c %a d/top/sub/b)" = 750; test "$(readlink d/top/l)" = a';

/** An archive that the row made, as a file of this side. */
function local(more: Readonly<Record<string, unknown>> = {}): Row['args'] {
	return (dir) => {
		const src: SourceFiles = {
			path: `${dir}/x`,
			name: 'x',
			type: 'file',
			mode: 0o644,
			content: contentOfBytes(readFileSync(`${dir}/x`)),
			entries: [],
		};
		return {src, dest: `${dir}/d`, ...more, ...(more['creates'] ? {creates: `${dir}/${more['creates']}`} : {})};
	};
}

const trips = 2;

runTable(unarchive, [
	...(['tar.gz', 'tar', 'zip'] as const).map(
		(format): Row => ({name: `unpacks a ${format} of this side`, before: packers[format], args: local(), after: same, trips}),
	),
	...(['tar.gz', 'tar', 'tar.bz2', 'tar.xz'] as const).map(
		(format): Row => ({
			name: `unpacks a ${format} of the host`,
			before: packers[format],
			args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
			after: same,
			trips,
		}),
	),
	{
		name: 'unpacks a zip of the host',
		before: packers.zip,
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
		after: same,
		trips,
		fullHost: true,
	},
	{
		name: 'unpacks what the host fetches',
		before: packers['tar.gz'],
		args: {src: 'file://DIR/x', dest: 'DIR/d', remote_src: true, validate_certs: true},
		after: same,
		trips,
	},
	{
		name: 'finds everything unpacked that the host fetches',
		before: `${packers.tar}; cp -a s/top d`,
		args: {src: 'file://DIR/x', dest: 'DIR/d', remote_src: true, validate_certs: true},
		changed: false,
		trips,
	},
	{
		name: 'says what could not be fetched',
		before: 'mkdir d',
		args: {src: 'file://DIR/no', dest: 'DIR/d', remote_src: true, validate_certs: true},
		fails: /^Failure downloading file:.*\/no: .*No such file or directory$/,
	},
	{name: 'finds everything unpacked', before: `${packers.tar}; cp -a s/top d`, args: local(), changed: false, trips},
	{
		name: 'finds everything of the host unpacked',
		before: `${packers.tar}; cp -a s/top d`,
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
		changed: false,
		trips,
	},
	{name: 'mends one file', before: `${packers['tar.gz']}; cp -a s/top d; echo other >d/top/a`, args: local(), after: same, trips},
	{
		name: 'mends one file from the host',
		before: `${packers['tar.gz']}; cp -a s/top d; echo other >d/top/a`,
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
		after: same,
		trips,
	},
	{name: 'mends a mode', before: `${packers['tar.gz']}; cp -a s/top d; chmod 700 d/top/sub/b`, args: local(), after: same, trips},
	{
		name: 'does nothing when what it creates is there',
		before: `${packers.tar}; : >d/done`,
		args: local({creates: 'd/done'}),
		changed: false,
		after: '! test -e d/top',
	},
	{
		name: 'strips the top folder',
		before: packers['tar.gz'],
		args: local({extra_opts: ['--strip-components=1']}),
		after: 'diff -r s/top d',
		trips,
	},
	{
		name: 'strips the top folder on the host',
		before: packers['tar.gz'],
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true, extra_opts: ['--strip-components=1']},
		after: 'diff -r s/top d',
		trips,
	},
	{
		name: 'leaves out what is excluded',
		before: packers['tar.gz'],
		args: local({exclude: ['top/sub', '*mpt*']}),
		after: 'test "$(ls d/top | tr "\\n" ,)" = a,l,',
		trips,
	},
	{
		name: 'takes only what is included',
		before: packers['tar.gz'],
		args: local({include: ['top/sub']}),
		after: 'test "$(find d -type f)" = d/top/sub/b',
		trips,
	},
	{
		name: 'gives every entry a mode',
		before: packers['tar.gz'],
		args: local({mode: 'u=rwX,g=rX,o='}),
		after: 'test "$(stat -c %a d/top d/top/a | tr "\\n" ,)" = 750,640,',
		trips,
	},
	{
		name: 'lists what is in it',
		before: packers['tar.gz'],
		args: local({list_files: true, include: ['top/a']}),
		after: 'test -e d/top/a',
		result: {files: ['top/', 'top/a']},
		trips,
	},
	{
		name: 'keeps newer files',
		before: `${packers['tar.gz']}; mkdir d/top; echo mine >d/top/a; touch -d '2040-01-01' d/top/a`,
		args: local({keep_newer: true}),
		after: 'test "$(cat d/top/a)" = mine; test -e d/top/sub/b',
		trips,
		fullHost: true,
	},
	{
		name: 'refuses a folder that is not there',
		before: packers['tar.gz'],
		args: {src: 'DIR/x', dest: 'DIR/no', remote_src: true},
		fails: "dest 'DIR/no' must be an existing dir",
	},
	{
		name: 'refuses an archive that is not there',
		before: 'mkdir d',
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
		fails: "Source 'DIR/x' does not exist",
	},
	{
		name: 'refuses an archive cut short',
		before: `${tree}; head -c 100000 /dev/urandom >s/top/big; tar -C s -cz top | head -c 50000 >x`,
		args: local(),
		fails: /^Failed to find handler for ".*": unexpected end of file/,
	},
	{
		name: 'refuses an archive of the host cut short',
		before: `${tree}; head -c 100000 /dev/urandom >s/top/big; tar -C s -cz top | head -c 50000 >x`,
		args: {src: 'DIR/x', dest: 'DIR/d', remote_src: true},
		fails: /^failed to unpack/,
		after: 'test -z "$(ls d)"',
	},
	{
		name: 'takes names as they are',
		before: `mkdir d; mkdir 's'; echo x >'s/$(touch pwned) "'; tar -C s -czf x .`,
		args: local(),
		after: '! test -e pwned; diff -r s d',
		trips,
	},
	{
		name: 'takes names of the host as they are',
		before: `mkdir d; mkdir 's'; echo x >'s/$(touch pwned) "'; tar -C s -czf x .; mv x './-x $(touch pwned)'`,
		args: {src: 'DIR/-x $(touch pwned)', dest: 'DIR/d', remote_src: true},
		after: '! test -e pwned; diff -r s d',
		trips,
	},
	{
		name: 'unpacks long names',
		before: 'mkdir d; n=$(printf "%0120d" 1); mkdir -p "s/$n"; echo x >"s/$n/$n"; tar -C s -czf x .',
		args: local(),
		after: 'diff -r s d',
		trips,
	},
]);
