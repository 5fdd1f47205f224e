// Every publisher of one scope, filtered and ranked by an indicator in a year.
(function () {
  "use strict";
  const STEP = 200;
  const LEVELS = [["省级", "provinces"], ["地级", "prefectures"], ["县级", "counties"], ["级别不明", "level unknown"]];
  const FIELDS = { q: "", scope: "jurisdiction", level: "", province: "", prefecture: "", grade: "", indicator: "req_new_total", year: "" };
  const at = (id) => document.getElementById(id);
  const state = Object.assign({ sort: "value", down: true, shown: STEP }, FIELDS);
  let scopes, indicators, series, values, found;

  function readHash() {
    const given = new URLSearchParams(location.hash.slice(1) || location.search);
    for (const name of Object.keys(FIELDS)) state[name] = given.get(name) ?? FIELDS[name];
    if (!scopes.scopes.some((each) => each[0] === state.scope)) state.scope = scopes.scopes[0][0];
    if (!indicators.list.some((each) => each.id === state.indicator)) state.indicator = FIELDS.indicator;
    state.sort = given.get("o") || "value";
    state.down = given.get("d") !== "up";
  }
  function writeHash() {
    const given = new URLSearchParams();
    for (const name of Object.keys(FIELDS)) if (state[name] !== FIELDS[name]) given.set(name, state[name]);
    if (state.sort !== "value") given.set("o", state.sort);
    if (!state.down) given.set("d", "up");
    history.replaceState(null, "", "#" + given);
  }
  const option = (value, text) => NB.element("option", { value }, text);
  const all = () => option("", NB.say("全部", "all"));

  function newestYear() {
    const counts = scopes.years.map((year, position) => series.rows.filter((row) => row[5][position] && row[5][position] !== " ").length);
    const best = Math.max(0, ...counts);
    for (let position = counts.length - 1; position >= 0; position -= 1) if (counts[position] && 2 * counts[position] >= best) return scopes.years[position];
    return scopes.years[scopes.years.length - 1];
  }

  function fill() {
    at("scope").replaceChildren(...scopes.scopes.map(([id, zh, en]) => option(id, NB.say(zh, en))));
    at("level").replaceChildren(all(), ...LEVELS.map((pair, number) => option(String(number), NB.pick(pair))));
    at("grade").replaceChildren(all(), ...Object.entries(NB.GRADES).map(([grade, pair]) => option(grade, NB.pick(pair))));
    at("year").replaceChildren(...scopes.years.map((year) => option(String(year), String(year))));
    at("province").replaceChildren(all(), ...series.provinces.map((name, number) => [name, number]).filter(([name]) => name).map(([name, number]) => option(String(number), name)));
    const inside = new Set(series.rows.filter((row) => state.province !== "" && String(row[2]) === state.province).map((row) => row[3]));
    at("prefecture").replaceChildren(all(), ...[...inside].filter((number) => series.prefectures[number]).map((number) => option(String(number), series.prefectures[number])));
    at("prefecture").disabled = !inside.size;
    NB.fillIndicators(at("indicator"), indicators, state.indicator);
    if (!scopes.years.map(String).includes(state.year)) state.year = String(newestYear());
    for (const name of Object.keys(FIELDS)) at(name).value = state[name];
  }

  async function update() {
    const scope = state.scope, indicator = indicators.list.find((each) => each.id === state.indicator);
    [series, values] = await Promise.all([NB.load("series." + scope), NB.load("v." + scope + "." + indicator.id)]);
    if (scope !== state.scope || indicator.id !== state.indicator) return;
    fill();
    writeHash();
    const position = scopes.years.indexOf(Number(state.year));
    const needle = state.q.trim();
    found = [];
    series.rows.forEach((row, number) => {
      if (state.level !== "" && String(row[4]) !== state.level) return;
      if (state.province !== "" && String(row[2]) !== state.province) return;
      if (state.prefecture !== "" && String(row[3]) !== state.prefecture) return;
      if (state.grade !== "" && row[5][position] !== state.grade) return;
      if (needle && !row[0].startsWith(needle) && !row[1].includes(needle)) return;
      const own = values[number] || [];
      const value = NB.read(own[position]), before = NB.read(position ? own[position - 1] : null);
      const change = value.number == null || before.number == null ? null : value.number - before.number;
      found.push({ row, own, value: value.number, before: before.number, change, position });
    });
    const by = { name: (each) => each.row[1], value: (each) => each.value, before: (each) => each.before, change: (each) => each.change }[state.sort] || ((each) => each.value);
    found.sort((a, b) => NB.order(by(a), by(b), state.down) || (a.row[0] < b.row[0] ? -1 : 1));
    render(indicator);
  }

  function render(indicator) {
    const numbered = found.filter((each) => each.value != null).length;
    at("status").textContent = NB.say("共 " + found.length + " 个，其中 " + numbered + " 个有 " + state.year + " 年的数字。", found.length + " found, " + numbered + " of them with a number for " + state.year + ".");
    at("formula").textContent = NB.explain(indicator);
    at("legend").textContent = NB.legend();
    at("result").hidden = !found.length;
    at("more").hidden = found.length <= state.shown;
    const year = Number(state.year);
    const head = NB.element("tr", {}, NB.element("th", { scope: "col" }, "#"), heading("name", NB.say("地方", "Place"), false), heading("value", NB.title(indicator, indicators.groups) + " " + year, true), heading("before", String(year - 1), true), heading("change", "±", true), NB.element("th", { scope: "col" }, NB.say("评级", "Grade")));
    const lines = found.slice(0, state.shown).map((each, number) => {
      const { row, own, position } = each;
      const grade = row[5][position];
      const change = each.change == null ? "" : (each.change > 0 ? "+" : each.change < 0 ? "−" : "") + NB.format(Math.abs(each.change), indicator);
      return NB.element("tr", {}, NB.element("td", { class: "num" }, each.value == null ? "" : String(number + 1)),
        NB.element("th", { scope: "row" }, NB.element("a", { href: "c/" + encodeURIComponent(row[0]) + ".html" }, row[1]), NB.element("small", {}, NB.under(series, row))),
        NB.cell(row, own[position], position, scopes.years, state.scope, indicator),
        position ? NB.cell(row, own[position - 1], position - 1, scopes.years, state.scope, indicator) : NB.element("td", {}, ""),
        NB.element("td", { class: "num" }, change),
        NB.element("td", {}, NB.GRADES[grade] ? NB.element("span", { class: "g g-" + (NB.GRADE_NAMES[grade] || "none") }, NB.pick(NB.GRADES[grade])) : "–"));
    });
    at("table").replaceChildren(NB.element("thead", {}, head), NB.element("tbody", {}, ...lines));
  }

  function heading(id, text, numeric) {
    const button = NB.element("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      state.down = state.sort === id ? !state.down : numeric;
      state.sort = id;
      update().then(() => at("table").querySelector('[data-sort="' + id + '"] button').focus());
    });
    return NB.element("th", { scope: "col", class: numeric ? "num" : null, "data-sort": id, "aria-sort": state.sort === id ? (state.down ? "descending" : "ascending") : "none" }, button);
  }

  function download() {
    const indicator = indicators.list.find((each) => each.id === state.indicator);
    const lines = [["rank", "code", "name", "province", "prefecture", "scope", "report_year", "indicator", "value", "status", "before", "change", "grade", "report_id"]];
    found.forEach(({ row, own, value, before, change, position }, number) => {
      const read = NB.read(own[position]), has = read.status !== "no_report";
      lines.push([value == null ? null : number + 1, row[0], row[1], series.provinces[row[2]], series.prefectures[row[3]], state.scope, Number(state.year), indicator.id, value, read.status, before, change, has ? NB.GRADE_NAMES[row[5][position]] : "", has ? NB.reportId(row, position, scopes.years, state.scope) : ""]);
    });
    NB.download("nianbao-" + indicator.id + "-" + state.year + ".csv", "text/csv", NB.csv(lines));
  }

  async function start() {
    [scopes, indicators] = await Promise.all([NB.load("scopes"), NB.load("indicators")]);
    if (!scopes.years.length) return;
    readHash();
    let typing;
    for (const name of Object.keys(FIELDS)) {
      at(name).addEventListener(name === "q" ? "input" : "change", () => {
        state[name] = at(name).value;
        if (name === "province") state.prefecture = "";
        if (name === "scope") Object.assign(state, { province: "", prefecture: "", year: "" });
        state.shown = STEP;
        clearTimeout(typing);
        typing = setTimeout(update, name === "q" ? 120 : 0);
      });
    }
    at("more").addEventListener("click", () => { state.shown += STEP; update(); });
    at("csv").addEventListener("click", download);
    at("controls").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => { readHash(); update(); });
    document.addEventListener("language", update);
    await update();
    at("controls").hidden = false;
  }
  start();
})();
