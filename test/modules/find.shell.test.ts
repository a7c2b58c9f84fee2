import find from '../../src/modules/find.js';
import {runTable} from './laws.js';

const before =
	'mkdir -p d/sub; echo one >d/a.log; echo two >d/b.txt; : >d/.hidden; echo deep >d/sub/c.log; ln -s a.log d/l; touch -t 200001010000 d/b.txt';
const args = {paths: ['DIR/d']};

runTable(find, [
	{name: 'finds files', before, args, changed: false, result: {matched: 2, examined: 5, msg: 'All paths examined'}},
	{
		name: 'finds files below',
		before,
		args: {...args, recurse: true, patterns: ['*.log']},
		changed: false,
		result: {matched: 2, examined: 6},
	},
	{name: 'finds hidden files', before, args: {...args, hidden: true}, changed: false, result: {matched: 3}},
	{name: 'finds folders', before, args: {...args, file_type: 'directory'}, changed: false, result: {matched: 1}},
	{name: 'finds links', before, args: {...args, file_type: 'link'}, changed: false, result: {matched: 1}},
	{name: 'finds what is old', before, args: {...args, age: '1w'}, changed: false, result: {matched: 1}},
	{name: 'finds what is new', before, args: {...args, age: '-1d'}, changed: false, result: {matched: 1}},
	{name: 'leaves out', before, args: {...args, excludes: ['*.txt']}, changed: false, result: {matched: 1}},
	{
		name: 'finds by regular expressions',
		before,
		args: {...args, use_regex: true, patterns: ['^[ab]\\.(log|conf)$']},
		changed: false,
		result: {matched: 1},
	},
	{
		name: 'finds what contains a text',
		before,
		args: {...args, recurse: true, contains: 'o', get_checksum: true},
		changed: false,
		result: {matched: 1},
		trips: 2,
	},
	{
		name: 'tells of what is no folder',
		before,
		args: {paths: ['DIR/no', 'DIR/d']},
		changed: false,
		result: {matched: 2, msg: 'Not all paths examined, check warnings for details'},
		warns: ["Skipped 'DIR/no' path due to this access issue: 'DIR/no' is not a directory"],
	},
	{name: 'refuses a size that is none', before, args: {...args, size: 'big'}, fails: 'failed to process size'},
	{
		name: 'takes names as they are',
		before: "mkdir d; : >'d/$(touch pwned)\n\"'",
		args,
		changed: false,
		result: {matched: 1},
		after: '! test -e pwned',
	},
]);
