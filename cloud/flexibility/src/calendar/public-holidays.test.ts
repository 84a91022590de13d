import { describe, expect, it } from "vitest";
import { publicHolidays } from "./public-holidays.ts";

describe("publicHolidays", () => {
  it("knows the days of Easter", () => {
    expect(publicHolidays("DE", 2016)).toEqual([
      "2016-01-01",
      "2016-03-25",
      "2016-03-28",
      "2016-05-01",
      "2016-05-05",
      "2016-05-16",
      "2016-10-03",
      "2016-12-25",
      "2016-12-26",
    ]);
    expect(publicHolidays("FR", 2008)).toContain("2008-03-24");
  });

  it("counts Mondays from both ends of a month", () => {
    expect(publicHolidays("US", 2016)).toEqual(
      expect.arrayContaining(["2016-01-18", "2016-02-15", "2016-05-30", "2016-07-04", "2016-09-05", "2016-11-24"]),
    );
    expect(publicHolidays("GB", 2013)).toEqual(expect.arrayContaining(["2013-05-06", "2013-05-27", "2013-08-26"]));
  });

  it("moves a day off the weekend as the country does", () => {
    expect(publicHolidays("US", 2015)).toContain("2015-07-03");
    expect(publicHolidays("US", 2015)).not.toContain("2015-07-04");
    expect(publicHolidays("GB", 2010)).toEqual(expect.arrayContaining(["2010-12-27", "2010-12-28"]));
    expect(publicHolidays("AU", 2013)).toContain("2013-01-28");
    expect(publicHolidays("DE", 2011)).toContain("2011-12-25");
  });
});
