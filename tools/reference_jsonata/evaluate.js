// The reference JSONata: node evaluate.js <its folder>. Takes a JSON array of {expression, variables, fixed} from
// stdin; gives an array of {value}, or {} where there is no value: undefined, or an error.
'use strict';
const crypto = require('node:crypto');
const jsonata = require(process.argv[2]);

const HASHES = { 'MD5': 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
const fail = (reason) => { throw new Error(reason); };
const list = (length, item) => Array.from({ length: Math.max(length, 0) }, (_, index) => item(index));

// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
const stepFunctions = (fixed) => ({
  millis: () => fixed.millis,
  now: () => fixed.now,
  uuid: () => fixed.uuid,
  random: () => fixed.random,
  parse: (text) => (text === undefined ? undefined : JSON.parse(typeof text === 'string' ? text : fail('no text'))),
  hash: (data, algorithm) => (data === undefined ? undefined : crypto.createHash(HASHES[algorithm])
    .update(typeof data === 'string' ? data : JSON.stringify(data)).digest('hex')),
  partition: (array, size) => (array === undefined ? undefined : size >= 1
    ? list(Math.ceil(array.length / Math.floor(size)), (n) => array.slice(n * Math.floor(size), (n + 1) * Math.floor(size)))
    : fail('the chunk size must be a positive number')),
  range: (first, last, step) => (step
    ? list(Math.floor((last - first) / step) + 1, (n) => first + n * step) : fail('the step must not be 0')),
  eval: () => fail('$eval is not supported'),
});

const onlyJson = (_, value) => (typeof value === 'function' || value?._jsonata_lambda ? fail('no JSON') : value);

const parsed = new Map();

async function outcome(asked) {
  try {
    if (!parsed.has(asked.expression)) parsed.set(asked.expression, jsonata(asked.expression));
    const variables = { ...stepFunctions(asked.fixed), ...asked.variables };
    const value = await parsed.get(asked.expression).evaluate(undefined, variables);
    return `{${value === undefined ? '' : `"value":${JSON.stringify(value, onlyJson)}`}}`;
  } catch {
    return '{}';
  }
}

(async () => {
  const outcomes = [];
  for (const asked of JSON.parse(require('node:fs').readFileSync(0, 'utf8'))) outcomes.push(await outcome(asked));
  process.stdout.write(`[${outcomes.join(',')}]`);
})();
