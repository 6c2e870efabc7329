// A problem on the wire, as RFC 9457 has it.
import t from 'tap';
import { PROBLEMS } from './contract.ts';
import { HttpProblem } from './problem.ts';

void t.test('a problem has the type, title and status of its code, and what was said besides', async (t) => {
  const problem = new HttpProblem('badParameter', {
    detail: 'limit is 0',
    hint: 'more',
    headers: { 'x-a': 'b' },
  });
  t.strictSame([problem.code, problem.message], ['badParameter', 'limit is 0']);
  const response = problem.toResponse();
  t.equal(response.status, 400);
  t.equal(response.headers.get('content-type'), 'application/problem+json');
  t.equal(response.headers.get('x-a'), 'b');
  t.strictSame(await response.json(), {
    type: 'urn:kwota:problem:badParameter',
    title: PROBLEMS.badParameter.title,
    status: 400,
    detail: 'limit is 0',
    hint: 'more',
  });
});

void t.test('what was not said is left out', async (t) => {
  const { status, title } = PROBLEMS.serverFailed;
  const expected = { type: 'urn:kwota:problem:serverFailed', title, status };
  t.strictSame(await new HttpProblem('serverFailed').toResponse().json(), expected);
});
