"""Breaks a good export the way people and programs do; what each step means is read off its name."""

import csv
import io
import shutil

import openpyxl
from openpyxl.worksheet.datavalidation import DataValidation

from keian.sheets.headers import find_sheet, name_heads, normalise


def break_csv(folder, case):
    """Apply the steps of a case to a folder of CSV files."""
    for step in case["do"]:
        name, *arguments = step
        CSV_STEPS[name](folder, *arguments)


def read_rows(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def write_rows(path, rows, encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def find_place(sheet, header, key):
    if isinstance(key, int):
        return key
    names = name_heads(find_sheet(sheet).heads)
    places = [at for at, title in enumerate(header) if key in (title, getattr(names.get(normalise(title)), "key", None))]  # fmt: skip
    return places[0]


def edit_rows(change):
    def step(folder, sheet, *arguments):
        path = folder / f"{sheet}.csv"
        rows = read_rows(path)
        change(sheet, rows, *arguments)
        write_rows(path, rows)

    return step


@edit_rows
def set_cell(sheet, rows, row, key, value):
    place = find_place(sheet, rows[0], key)
    rows[row - 1].extend([""] * (place + 1 - len(rows[row - 1])))
    rows[row - 1][place] = value


@edit_rows
def drop_column(sheet, rows, key):
    place = find_place(sheet, rows[0], key)
    for row in rows:
        del row[place]


@edit_rows
def rename_column(sheet, rows, key, title):
    rows[0][find_place(sheet, rows[0], key)] = title


@edit_rows
def repeat_column(sheet, rows, key):
    place = find_place(sheet, rows[0], key)
    for row in rows:
        row.append(row[place])


@edit_rows
def add_column(_sheet, rows, title, value):
    rows[0].append(title)
    rows[1].append(value)


@edit_rows
def repeat_row(_sheet, rows, row):
    rows.append(list(rows[row - 1]))


@edit_rows
def append_row(sheet, rows, cells):
    rows.append([""] * len(rows[0]))
    for key, value in cells.items():
        rows[-1][find_place(sheet, rows[0], key)] = value


@edit_rows
def drop_row(_sheet, rows, row):
    del rows[row - 1]


@edit_rows
def insert_above(_sheet, rows, *cells):
    rows.insert(0, list(cells))


def drop_sheet(folder, sheet):
    (folder / f"{sheet}.csv").unlink()


def rename_sheet(folder, sheet, name):
    (folder / f"{sheet}.csv").rename(folder / f"{name}.csv")


def copy_sheet(folder, sheet, name):
    shutil.copy(folder / f"{sheet}.csv", folder / f"{name}.csv")


def empty_sheet(folder, sheet):
    (folder / f"{sheet}.csv").write_bytes(b"")


def encode(folder, sheet, encoding):
    path = folder / f"{sheet}.csv"
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode(encoding))


def append_bytes(folder, sheet, hexadecimal):
    path = folder / f"{sheet}.csv"
    path.write_bytes(path.read_bytes() + bytes.fromhex(hexadecimal))


def replace_text(folder, sheet, old, new):
    path = folder / f"{sheet}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


CSV_STEPS = {
    "set": set_cell,
    "drop column": drop_column,
    "rename column": rename_column,
    "repeat column": repeat_column,
    "add column": add_column,
    "repeat row": repeat_row,
    "drop row": drop_row,
    "append row": append_row,
    "insert above": insert_above,
    "drop sheet": drop_sheet,
    "rename sheet": rename_sheet,
    "copy sheet": copy_sheet,
    "empty sheet": empty_sheet,
    "encode": encode,
    "append bytes": append_bytes,
    "replace text": replace_text,
}


def break_xlsx(path, case):
    """Apply the steps of a case to a workbook, with a library keian does not use."""
    book = openpyxl.load_workbook(path)
    for step in case["do"]:
        name, sheet, *arguments = step
        XLSX_STEPS[name](book, find_worksheet(book, sheet), *arguments)
    book.save(path)
    book.close()


def find_worksheet(book, sheet):
    return next(s for s in book.worksheets if find_sheet(s.title).id == sheet)


def find_cell(sheet, row, key):
    known = find_sheet(sheet.title).id
    header = [cell.value for cell in sheet[1]]
    return sheet.cell(row, 1 + find_place(known, header, key))


def set_value(_book, sheet, row, key, value):
    find_cell(sheet, row, key).value = value


def set_format(_book, sheet, row, key, value, number_format):
    cell = find_cell(sheet, row, key)
    cell.value, cell.number_format = value, number_format


def set_error(_book, sheet, row, key, value):
    cell = find_cell(sheet, row, key)
    cell.value, cell.data_type = value, "e"


def merge(_book, sheet, area):
    sheet.merge_cells(area)


def hide_row(_book, sheet, row):
    sheet.row_dimensions[row].hidden = True


def hide_column(_book, sheet, letter):
    sheet.column_dimensions[letter].hidden = True


def hide_sheet(_book, sheet):
    sheet.sheet_state = "hidden"


def add_list(_book, sheet, area):
    rule = DataValidation(type="list", formula1='"a,b"')
    sheet.add_data_validation(rule)
    rule.add(area)


def drop_worksheet(book, sheet):
    book.remove(sheet)


def title_sheet(_book, sheet, title):
    sheet.title = title


XLSX_STEPS = {
    "set": set_value,
    "format": set_format,
    "error": set_error,
    "merge": merge,
    "hide row": hide_row,
    "hide column": hide_column,
    "hide sheet": hide_sheet,
    "title": title_sheet,
    "drop": drop_worksheet,
    "list": add_list,
}
