import { expect, test } from "vitest";
import { startContender } from "./contender.ts";

const facts = '{"loss":1,"gradientNorm":2,"bytes":null,"firstCallMs":3,"dtype":"float32","threads":1}';

test("a contender tells its facts and then answers requests one by one", async () => {
  const script = `console.log('${facts}');
    require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const [steps, repeats] = line.split(" ").map(Number);
      console.log(JSON.stringify({ ms: steps * 100 + repeats, loss: 4 }));
    });`;
  const contender = await startContender([process.execPath, "-e", script]);
  expect(contender.facts.gradientNorm).toBe(2);
  expect(await contender.round(5, 7)).toEqual({ ms: 507, loss: 4 });
  expect((await contender.round(1, 2)).ms).toBe(102);
  contender.stop();
});

test("a contender that dies says what it said", async () => {
  const dying = startContender([process.execPath, "-e", 'console.error("no such thing"); process.exit(3)']);
  await expect(dying).rejects.toThrow(/got exit status 3\nno such thing/);
});
