// A baseline: `ws`, JSON.parse and a constant answer for each action. What a server on this library can do at most.
import { serveConstantAnswers } from './answer-all.ts';

serveConstantAnswers();
