import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("says what is missing where there is no Go", () => {
  const path = fileURLToPath(new URL("./generator-program.ts", import.meta.url));
  const script = `import(${JSON.stringify(path)}).then(({ generatorProgram }) => {
    try { generatorProgram(); } catch ({ code, message }) { console.log(JSON.stringify({ code, message })); }
  });`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env: { PATH: "/nowhere" } });
  expect(JSON.parse(stdout)).toEqual({ code: "GENERATOR_MISSING", message: expect.stringContaining("no go on PATH") });
});
