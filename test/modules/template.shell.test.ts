import {contentOfBytes} from '../../src/connection/connection.js';
import template from '../../src/modules/template.js';
import {runTable} from './laws.js';

const rendered = {...contentOfBytes('port=1\n'), name: 'app.conf.j2'};

runTable(template, [
	{
		name: 'writes what was rendered',
		args: {dest: 'DIR/app.conf', src: rendered, mode: '0640'},
		after: 'test "$(cat app.conf)" = port=1; test "$(stat -c %a app.conf)" = 640',
		diff: ['', 'port=1\n'],
	},
	{name: 'leaves what is the same', before: 'echo port=1 >app.conf', args: {dest: 'DIR/app.conf', src: rendered}, changed: false},
	{name: 'goes into a folder', before: 'mkdir d', args: {dest: 'DIR/d', src: rendered}, after: 'test -f d/app.conf.j2'},
	{
		name: 'fails without the folder',
		args: {dest: 'DIR/d/app.conf', src: rendered},
		fails: 'Destination directory DIR/d does not exist',
	},
	{
		name: 'takes names as they are',
		args: {dest: 'DIR/`touch pwned`', src: rendered},
		after: '! test -e pwned; test "$(ls | wc -l)" = 1',
	},
]);
