// How values and indicators read: shared by the pages that compare and rank.
(function () {
  "use strict";
  const WORDS = {
    z: ["空白", "blank"], b: ["空白", "blank"], o: ["表式无", "not asked"], 0: ["÷0", "÷0"], t: ["无表", "no table"],
    a: ["无此格", "absent"], u: ["无法识别", "unreadable"],
  };
  const STATUSES = { z: "blank", b: "blank", o: "not_in_form", 0: "no_denominator", t: "no_table", a: "absent", u: "unreadable" };
  const GRADES = { V: ["已验证", "verified"], C: ["未见矛盾", "consistent"], I: ["勾稽不符", "does not add up"], P: ["未读全", "partly read"], "-": ["无表格", "no tables"] };

  NB.GRADES = GRADES;
  NB.GRADE_NAMES = { V: "verified", C: "consistent", I: "inconsistent", P: "partial", "-": "" };
  // A value as stored to what a page needs: its number (null for none), its status, the word in the place of a number.
  NB.read = (stored) => {
    if (stored == null) return { number: null, status: "no_report", word: ["–", "–"] };
    if (typeof stored === "number") return { number: stored, status: "printed" };
    if (stored[0] === "d") return { number: Number(stored.slice(1)), status: "derived" };
    return { number: stored === "z" ? 0 : null, status: STATUSES[stored], word: WORDS[stored] };
  };
  NB.format = (number, indicator) => number.toLocaleString("en-US", indicator.kind === "rate" ? { minimumFractionDigits: 1, maximumFractionDigits: 1 } : { maximumFractionDigits: 4 });
  NB.unit = (indicator) => NB.pick(indicator.unit);
  NB.title = (indicator, groups) => {
    const unit = indicator.unit[0] && indicator.unit[0] !== "件" ? NB.say("（" + indicator.unit[0] + "）", indicator.unit[1] ? " (" + indicator.unit[1] + ")" : "") : "";
    const form = indicator.forms ? NB.say("（" + indicator.forms + " 表式）", " (form of " + indicator.forms + ")") : "";
    const group = indicator.group === "applicants" ? NB.pick(groups.applicants) + NB.say("：", ": ") : "";
    return group + NB.pick(indicator.label) + unit + form;
  };
  NB.explain = (indicator) => {
    const formula = indicator.formula[0] ? NB.say("公式：", "Formula: ") + NB.pick(indicator.formula) : "";
    const form = indicator.forms ? NB.say("只有 " + indicator.forms + " 表式有这一项，其他年份无从比较。", "Only the form of " + indicator.forms + " asks for this; other years cannot be compared.") : "";
    return [formula, form].filter(Boolean).join(NB.say("。", ". "));
  };
  NB.legend = () => NB.say(
    "空白不当作 0（由勾稽关系证明为 0 的，按 0 排序和下载）。! 报告自身对不上；* 由表内勾稽关系推得。点数字看原页。",
    "A blank is not a 0 (where an identity proves it to be 0 it is sorted and downloaded as 0). ! the report does not add up; * derived from the form's arithmetic. Follow a number to its page."
  );
  NB.fillIndicators = (select, data, chosen) => {
    const groups = {};
    select.replaceChildren();
    for (const each of data.list) {
      if (!groups[each.group]) { groups[each.group] = NB.element("optgroup", { label: NB.pick(data.groups[each.group]) }); select.append(groups[each.group]); }
      groups[each.group].append(NB.element("option", { value: each.id }, (each.depth ? "\u2003" : "") + NB.title(each, data.groups)));
    }
    select.value = chosen;
  };
  // The report's identifier and the page that shows where its numbers come from.
  NB.reportId = (row, position, years, scope) => {
    const before = [...row[5].slice(0, position)].filter((grade) => grade !== " ").length;
    return (row[6] && row[6][before]) || row[0] + "-" + years[position] + "-" + scope;
  };
  NB.source = (row, position, years, scope, indicator) => {
    const cell = indicator.cells.length === 1 ? indicator.cells[0] : indicator.id;
    const id = NB.reportId(row, position, years, scope);
    return /^[A-Za-z0-9._@-]+$/.test(id) ? "s/" + years[position] + "/" + id + ".html#" + cell : null;
  };
  NB.cell = (row, stored, position, years, scope, indicator) => {
    const value = NB.read(stored);
    const text = value.word ? NB.pick(value.word) : NB.format(value.number, indicator);
    const made = NB.element("td", { class: "num" });
    const href = stored == null || stored === "o" || stored === "t" ? null : NB.source(row, position, years, scope, indicator);
    made.append(href ? NB.element("a", { href }, text) : text);
    if (value.status === "derived") made.append(NB.element("sup", { class: "d" }, "*"));
    if (stored != null && row[5][position] === "I") made.append(NB.element("sup", { class: "f" }, "!"));
    return made;
  };
  // Sort values: numbers by size, what has none always last.
  NB.order = (a, b, down) => (a == null ? (b == null ? 0 : 1) : b == null ? -1 : typeof a === "number" ? (down ? b - a : a - b) : (down ? -1 : 1) * String(a).localeCompare(String(b), "zh"));
  NB.download = (name, type, content) => {
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = NB.element("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  // CSV as RFC 4180 has it; a text that a spreadsheet would take for a formula gets an apostrophe before it.
  NB.csv = (rows) => "\ufeff" + rows.map((row) => row.map((value) => {
    if (value == null) return "";
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }).join(",")).join("\r\n") + "\r\n";
})();
