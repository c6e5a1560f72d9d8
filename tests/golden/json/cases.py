#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON conformance cases, one document a line.

The names are those of the public suite nst/JSONTestSuite (test_parsing), so that a reader can look
the point of each up there; the documents are our own equivalents of the same fault or feature.
Where the public document spans lines, ours uses carriage returns, which are white space too.

  cases.py OUT          the table that tests/unit/record/conform.c reads
  cases.py --lines n|y  the documents that are whole lines, bare and wrapped, for a filter

A case in OUT: "NAME VERDICT LENGTH\\n", the document, "\\n". VERDICT has two letters, for the
document alone and for {"a":DOCUMENT}: y accepted, n refused.
"""
import sys

# Every one is refused, alone and as the value of a member.
N = {
    "n_array_1_true_without_comma": b"[7 true]",
    "n_array_a_invalid_utf8": b"[z\xe4]",
    "n_array_colon_instead_of_comma": b'["k": 7]',
    "n_array_comma_after_close": b'["k"],',
    "n_array_comma_and_number": b"[,7]",
    "n_array_double_comma": b"[7,,8]",
    "n_array_double_extra_comma": b'["k",,]',
    "n_array_extra_close": b'["k"]]',
    "n_array_extra_comma": b'["k",]',
    "n_array_incomplete": b'["k"',
    "n_array_incomplete_invalid_value": b"[k",
    "n_array_inner_array_no_comma": b"[7[8]]",
    "n_array_invalid_utf8": b"[\xfe]",
    "n_array_items_separated_by_semicolon": b"[7;8]",
    "n_array_just_comma": b"[,]",
    "n_array_just_minus": b"[-]",
    "n_array_missing_value": b'[  , "k"]',
    "n_array_newlines_unclosed": b'["k",\r7\r,8,',
    "n_array_number_and_comma": b"[7,]",
    "n_array_number_and_several_commas": b"[7,,,]",
    "n_array_spaces_vertical_tab_formfeed": b'["\x0bk"\\f]',
    "n_array_star_inside": b"[*]",
    "n_array_unclosed": b'["k"',
    "n_array_unclosed_trailing_comma": b"[7,",
    "n_array_unclosed_with_new_lines": b"[7,\r8\r,9",
    "n_array_unclosed_with_object_inside": b'[{"k":7}',
    "n_incomplete_false": b"[fals]",
    "n_incomplete_null": b"[nul]",
    "n_incomplete_true": b"[tru]",
    "n_multidigit_number_then_00": b"789\0",
    "n_number_++": b"[++78]",
    "n_number_+1": b"[+7]",
    "n_number_+Inf": b"[+Inf]",
    "n_number_-01": b"[-07]",
    "n_number_-1.0.": b"[-7.0.]",
    "n_number_-2.": b"[-7.]",
    "n_number_-NaN": b"[-NaN]",
    "n_number_.-1": b"[.-7]",
    "n_number_.2e-3": b"[.7e-8]",
    "n_number_0.1.2": b"[0.7.8]",
    "n_number_0.3e": b"[0.7e]",
    "n_number_0.3e+": b"[0.7e+]",
    "n_number_0.e1": b"[0.e7]",
    "n_number_0_capital_E": b"[0E]",
    "n_number_0_capital_E+": b"[0E+]",
    "n_number_0e": b"[0e]",
    "n_number_0e+": b"[0e+]",
    "n_number_1.0e": b"[7.0e]",
    "n_number_1.0e+": b"[7.0e+]",
    "n_number_1.0e-": b"[7.0e-]",
    "n_number_1_000": b"[7 000.5]",
    "n_number_1eE2": b"[7eE8]",
    "n_number_2.e+3": b"[7.e+8]",
    "n_number_2.e-3": b"[7.e-8]",
    "n_number_2.e3": b"[7.e8]",
    "n_number_9.e+": b"[7.e+]",
    "n_number_Inf": b"[Inf]",
    "n_number_NaN": b"[NaN]",
    "n_number_U+FF11_fullwidth_digit_one": "[\uff17]".encode(),
    "n_number_expression": b"[7+8]",
    "n_number_hex_1_digit": b"[0x7]",
    "n_number_hex_2_digits": b"[0x7f]",
    "n_number_infinity": b"[Infinity]",
    "n_number_invalid+-": b"[0e+-7]",
    "n_number_invalid-negative-real": b"[-78.9bar]",
    "n_number_invalid-utf-8-in-bigger-int": b"[789\xe4]",
    "n_number_invalid-utf-8-in-exponent": b"[7e8\xe4]",
    "n_number_invalid-utf-8-in-int": b"[0\xe4]",
    "n_number_minus_infinity": b"[-Infinity]",
    "n_number_minus_sign_with_trailing_garbage": b"[-bar]",
    "n_number_minus_space_1": b"[- 7]",
    "n_number_neg_int_starting_with_zero": b"[-078]",
    "n_number_neg_real_without_int_part": b"[-.78]",
    "n_number_neg_with_garbage_at_end": b"[-7k]",
    "n_number_real_garbage_after_e": b"[7ek]",
    "n_number_real_with_invalid_utf8_after_e": b"[7e\xe4]",
    "n_number_real_without_fractional_part": b"[7.]",
    "n_number_starting_with_dot": b"[.78]",
    "n_number_with_alpha": b"[7.8k-9]",
    "n_number_with_alpha_char": b"[7.8011670033376514H-30]",
    "n_number_with_leading_zero": b"[078]",
    "n_object_bad_value": b'["k", trust]',
    "n_object_bracket_key": b'{[: "k"}',
    "n_object_comma_instead_of_colon": b'{"k", null}',
    "n_object_double_colon": b'{"k"::"v"}',
    "n_object_emoji": "{\U0001f331}".encode(),
    "n_object_garbage_at_end": b'{"k":"v" 789}',
    "n_object_key_with_single_quotes": b"{k: 'v'}",
    "n_object_lone_continuation_byte_in_key_and_trailing_comma": b'{"\x9f":"7",}',
    "n_object_missing_colon": b'{"k" v}',
    "n_object_missing_key": b'{:"v"}',
    "n_object_missing_semicolon": b'{"k" "v"}',
    "n_object_missing_value": b'{"k":',
    "n_object_no-colon": b'{"k"',
    "n_object_non_string_key": b"{7:8}",
    "n_object_non_string_key_but_huge_number_instead": b"{7777E7777:8}",
    "n_object_repeated_null_null": b"{null:null,null:null}",
    "n_object_several_trailing_commas": b'{"k":7,,,,}',
    "n_object_single_quote": b"{'k':7}",
    "n_object_trailing_comma": b'{"k":7,}',
    "n_object_trailing_comment": b'{"k":"v"}/**/',
    "n_object_trailing_comment_open": b'{"k":"v"}/**//',
    "n_object_trailing_comment_slash_open": b'{"k":"v"}//',
    "n_object_trailing_comment_slash_open_incomplete": b'{"k":"v"}/',
    "n_object_two_commas_in_a_row": b'{"k":"v",,"l":"w"}',
    "n_object_unquoted_key": b'{k: "v"}',
    "n_object_unterminated-value": b'{"k":"v',
    "n_object_with_single_string": b'{ "k" : "v", "l" }',
    "n_object_with_trailing_garbage": b'{"k":"v"}#',
    "n_single_space": b" ",
    "n_string_1_surrogate_then_escape": b'["\\uD83D\\"]',
    "n_string_1_surrogate_then_escape_u": b'["\\uD83D\\u"]',
    "n_string_1_surrogate_then_escape_u1": b'["\\uD83D\\u7"]',
    "n_string_1_surrogate_then_escape_u1x": b'["\\uD83D\\u7k"]',
    "n_string_accentuated_char_no_quotes": "[\u00fc]".encode(),
    "n_string_backslash_00": b'["\\\0"]',
    "n_string_escape_x": b'["\\x7f"]',
    "n_string_escaped_backslash_bad": b'["\\\\\\"]',
    "n_string_escaped_ctrl_char_tab": b'["\\\t"]',
    "n_string_escaped_emoji": '["\\\U0001f331"]'.encode(),
    "n_string_incomplete_escape": b'["\\"]',
    "n_string_incomplete_escaped_character": b'["\\u07F"]',
    "n_string_incomplete_surrogate": b'["\\uD83C\\uDf"]',
    "n_string_incomplete_surrogate_escape_invalid": b'["\\uD83C\\uD83C\\k"]',
    "n_string_invalid-utf-8-in-escape": b'["\\u\xe4"]',
    "n_string_invalid_backslash_esc": b'["\\k"]',
    "n_string_invalid_unicode_escape": b'["\\ukkkk"]',
    "n_string_invalid_utf8_after_escape": b'["\\\xe4"]',
    "n_string_leading_uescaped_thinspace": b'[\\u0020"k"]',
    "n_string_no_quotes_with_bad_escape": b"[\\n]",
    "n_string_single_doublequote": b'"',
    "n_string_single_quote": b"['one quote']",
    "n_string_single_string_no_double_quotes": b"klm",
    "n_string_start_escape_unclosed": b'["\\',
    "n_string_unescaped_ctrl_char": b'["k\0k"]',
    "n_string_unescaped_newline": b'["two\rlines"]',
    "n_string_unescaped_tab": b'["\t"]',
    "n_string_unicode_CapitalU": b'"\\U7777"',
    "n_string_with_trailing_garbage": b'""k',
    "n_structure_100000_opening_arrays": b"[" * 100000,
    "n_structure_U+2060_word_joined": "[\u2060]".encode(),
    "n_structure_UTF8_BOM_no_data": b"\xef\xbb\xbf",
    "n_structure_angle_bracket_.": b"<.>",
    "n_structure_angle_bracket_null": b"[<null>]",
    "n_structure_array_trailing_garbage": b"[7]k",
    "n_structure_array_with_extra_array_close": b"[7]]",
    "n_structure_array_with_unclosed_string": b'["klm]',
    "n_structure_ascii-unicode-identifier": "k\u00fc".encode(),
    "n_structure_capitalized_True": b"[True]",
    "n_structure_close_unopened_array": b"7]",
    "n_structure_comma_instead_of_closing_brace": b'{"k": true,',
    "n_structure_double_array": b"[][]",
    "n_structure_end_array": b"]",
    "n_structure_incomplete_UTF8_BOM": b"\xef\xbb{}",
    "n_structure_lone-invalid-utf-8": b"\xe4",
    "n_structure_lone-open-bracket": b"[",
    "n_structure_no_data": b"",
    "n_structure_null-byte-outside-string": b"[\0]",
    "n_structure_number_with_trailing_garbage": b"7@",
    "n_structure_object_followed_by_closing_object": b"{}}",
    "n_structure_object_unclosed_no_value": b'{"":',
    "n_structure_object_with_comment": b'{"k":/*remark*/"v"}',
    "n_structure_object_with_trailing_garbage": b'{"k": true} "l"',
    "n_structure_open_array_apostrophe": b"['",
    "n_structure_open_array_comma": b"[,",
    "n_structure_open_array_object": b'[{"":' * 50000,
    "n_structure_open_array_open_object": b"[{",
    "n_structure_open_array_open_string": b'["k',
    "n_structure_open_array_string": b'["k"',
    "n_structure_open_object": b"{",
    "n_structure_open_object_close_array": b"{]",
    "n_structure_open_object_comma": b"{,",
    "n_structure_open_object_open_array": b"{[",
    "n_structure_open_object_open_string": b'{"k',
    "n_structure_open_object_string_with_apostrophes": b"{'k'",
    "n_structure_open_open": b'["\\{["\\{["\\{',
    "n_structure_single_eacute": b"\xe8",
    "n_structure_single_star": b"*",
    "n_structure_trailing_#": b'{"k":"v"}#{}',
    "n_structure_uescaped_LF_before_string": b'[\\u000A"k"]',
    "n_structure_unclosed_array": b"[7",
    "n_structure_unclosed_array_partial_null": b"[ true, nul",
    "n_structure_unclosed_array_unfinished_false": b"[ null, fals",
    "n_structure_unclosed_array_unfinished_true": b"[ null, tru",
    "n_structure_unclosed_object": b'{"klm":"klm"',
    "n_structure_unicode-identifier": "\u00fc".encode(),
    "n_structure_whitespace_U+2060_word_joiner": "[ \u2060]".encode(),
    "n_structure_whitespace_formfeed": b"[\x0c]",
}

# Every one is accepted as the value of a member; alone only when it is an object, because a record
# is an object ("top-level" below), and no top-level key may come twice ("duplicate" below).
Y = {
    "y_array_arraysWithSpaces": b"[[]  ]",
    "y_array_empty": b"[]",
    "y_array_empty-string": b'[""]',
    "y_array_ending_with_newline": b'["k"]\r',
    "y_array_false": b"[false]",
    "y_array_heterogeneous": b'[null, 7, "7", {}]',
    "y_array_null": b"[null]",
    "y_array_with_1_and_newline": b"[7\r]",
    "y_array_with_leading_space": b" [7]",
    "y_array_with_several_null": b"[7,null,null,null,8]",
    "y_array_with_trailing_space": b"[7] ",
    "y_number": b"[78e56]",
    "y_number_0e+1": b"[0e+7]",
    "y_number_0e1": b"[0e7]",
    "y_number_after_space": b"[ 7]",
    "y_number_double_close_to_zero": b"[-0." + b"0" * 77 + b"7]",
    "y_number_int_with_exp": b"[70e8]",
    "y_number_minus_zero": b"[-0]",
    "y_number_negative_int": b"[-789]",
    "y_number_negative_one": b"[-1]",
    "y_number_negative_zero": b"[ -0 ]",
    "y_number_real_capital_e": b"[7E22]",
    "y_number_real_capital_e_neg_exp": b"[7E-8]",
    "y_number_real_capital_e_pos_exp": b"[7E+8]",
    "y_number_real_exponent": b"[789e45]",
    "y_number_real_fraction_exponent": b"[789.012e34]",
    "y_number_real_neg_exp": b"[7e-8]",
    "y_number_real_pos_exponent": b"[7e+8]",
    "y_number_simple_int": b"[789]",
    "y_number_simple_real": b"[789.012345]",
    "y_object": b'{"klm":"nop", "qrs":"tuv"}',
    "y_object_basic": b'{"klm":"nop"}',
    "y_object_duplicated_key": b'{"k":"v","k":"w"}',
    "y_object_duplicated_key_and_value": b'{"k":"v","k":"v"}',
    "y_object_empty": b"{}",
    "y_object_empty_key": b'{"":7}',
    "y_object_escaped_null_in_key": b'{"bar\\u0000foo": 7}',
    "y_object_extreme_numbers": b'{ "low": -7.0e+28, "high": 7.0e+28 }',
    "y_object_long_strings": b'{"k":[{"l": "' + b"m" * 48 + b'"}], "l": "' + b"m" * 48 + b'"}',
    "y_object_simple": b'{"k":[]}',
    "y_object_string_unicode": b'{"word":"\\u0442\\u043e\\u043a \\u0438 \\u0442\\u0435\\u043f\\u043b\\u043e" }',
    "y_object_with_newlines": b'{\r"k": "v"\r}',
    "y_string_1_2_3_bytes_UTF-8_sequences": b'["\\u0061\\u012b\\u12AC"]',
    "y_string_accepted_surrogate_pair": b'["\\uD802\\udd00"]',
    "y_string_accepted_surrogate_pairs": b'["\\ud83c\\udf31\\ud83c\\udf33"]',
    "y_string_allowed_escapes": b'["\\"\\\\\\/\\b\\f\\n\\r\\t"]',
    "y_string_backslash_and_u_escaped_zero": b'["\\\\u0000"]',
    "y_string_backslash_doublequotes": b'["\\""]',
    "y_string_comments": b'["k/*l*/m/*n//o"]',
    "y_string_double_escape_a": b'["\\\\a"]',
    "y_string_double_escape_n": b'["\\\\n"]',
    "y_string_escaped_control_character": b'["\\u0013"]',
    "y_string_escaped_noncharacter": b'["\\uFFFF"]',
    "y_string_in_array": b'["klm"]',
    "y_string_in_array_with_leading_space": b'[ "klm"]',
    "y_string_last_surrogates_1_and_2": b'["\\uDBFF\\uDFFF"]',
    "y_string_nbsp_uescaped": b'["two\\u00A0words"]',
    "y_string_nonCharacterInUTF-8_U+10FFFF": '["\U0010ffff"]'.encode(),
    "y_string_nonCharacterInUTF-8_U+FFFF": '["\uffff"]'.encode(),
    "y_string_null_escape": b'["\\u0000"]',
    "y_string_one-byte-utf-8": b'["\\u003b"]',
    "y_string_pi": '["\u03c0"]'.encode(),
    "y_string_reservedCharacterInUTF-8_U+1BFFF": '["\U0001bfff"]'.encode(),
    "y_string_simple_ascii": b'["klm "]',
    "y_string_space": b'" "',
    "y_string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF": b'["\\uD834\\uDd1e"]',
    "y_string_three-byte-utf-8": b'["\\u0822"]',
    "y_string_two-byte-utf-8": b'["\\u0124"]',
    "y_string_u+2028_line_sep": '["\u2028"]'.encode(),
    "y_string_u+2029_par_sep": '["\u2029"]'.encode(),
    "y_string_uEscape": b'["\\u006b\\u30ab\\u30EB\\u30c8"]',
    "y_string_uescaped_newline": b'["two\\u000Alines"]',
    "y_string_unescaped_char_delete": b'["\x7f"]',
    "y_string_unicode": b'["\\uA66E"]',
    "y_string_unicodeEscapedBackslash": b'["\\u005C"]',
    "y_string_unicode_2": '["\u2340\u3d30\u2340"]'.encode(),
    "y_string_unicode_U+10FFFE_nonchar": b'["\\uDBFF\\uDFFE"]',
    "y_string_unicode_U+1FFFE_nonchar": b'["\\uD83F\\uDFFE"]',
    "y_string_unicode_U+200B_ZERO_WIDTH_SPACE": b'["\\u200B"]',
    "y_string_unicode_U+2064_invisible_plus": b'["\\u2064"]',
    "y_string_unicode_U+FDD0_nonchar": b'["\\uFDD0"]',
    "y_string_unicode_U+FFFE_nonchar": b'["\\uFFFE"]',
    "y_string_unicode_escaped_double_quote": b'["\\u0022"]',
    "y_string_utf8": '["\u20a9\U0001d120"]'.encode(),
    "y_string_with_del_character": b'["k\x7fk"]',
    "y_structure_lonely_false": b"false",
    "y_structure_lonely_int": b"78",
    "y_structure_lonely_negative_real": b"-0.7",
    "y_structure_lonely_null": b"null",
    "y_structure_lonely_string": b'"klm"',
    "y_structure_lonely_true": b"true",
    "y_structure_string_empty": b'""',
    "y_structure_trailing_newline": b'["k"]\r',
    "y_structure_true_in_array": b"[true]",
    "y_structure_whitespace_array": b" [] ",
}

# The suite leaves these open. Our decision: True as the value of a member, with the reason.
I = {
    "i_number_double_huge_neg_exp": (b"[789.012e-345]", True, "underflow is 0 or subnormal"),
    "i_number_huge_exp": (b"[0.7e00" + b"6" * 120 + b"]", False, "beyond double"),
    "i_number_neg_int_huge_exp": (b"[-7e+8888]", False, "beyond double"),
    "i_number_pos_double_huge_exp": (b"[7.8e+8888]", False, "beyond double"),
    "i_number_real_neg_overflow": (b"[-789789e100000]", False, "beyond double"),
    "i_number_real_pos_overflow": (b"[789789e100000]", False, "beyond double"),
    "i_number_real_underflow": (b"[789e-10000000]", True, "underflow is 0"),
    "i_number_too_big_neg_int": (b"[-789789789789789789789789789]", True, "read as a double"),
    "i_number_too_big_pos_int": (b"[700000000000000000000]", True, "read as a double"),
    "i_number_very_big_negative_int": (b"[-" + b"789" * 16 + b"]", True, "read as a double"),
    "i_object_key_lone_2nd_surrogate": (b'{"\\uDF31":7}', False, "lone surrogate"),
    "i_string_1st_surrogate_but_2nd_missing": (b'["\\uD83C"]', False, "lone surrogate"),
    "i_string_1st_valid_surrogate_2nd_invalid": (b'["\\uD83C\\u0777"]', False, "lone surrogate"),
    "i_string_UTF-16LE_with_BOM": (b'\xff\xfe[\0"\0\xe8\0"\0]\0', False, "not UTF-8"),
    "i_string_UTF-8_invalid_sequence": (b'["\xe6\x97\xa6\xd1\x89\xfb"]', False, "not UTF-8"),
    "i_string_UTF8_surrogate_U+D800": (b'["\xed\xa1\x80"]', False, "not UTF-8"),
    "i_string_incomplete_surrogate_and_escape_valid": (b'["\\uD83C\\n"]', False, "lone surrogate"),
    "i_string_incomplete_surrogate_pair": (b'["\\uDf31k"]', False, "lone surrogate"),
    "i_string_incomplete_surrogates_escape_valid": (b'["\\uD83C\\uD83C\\n"]', False, "lone surrogate"),
    "i_string_invalid_lonely_surrogate": (b'["\\ud83c"]', False, "lone surrogate"),
    "i_string_invalid_surrogate": (b'["\\ud83cklm"]', False, "lone surrogate"),
    "i_string_invalid_utf-8": (b'["\xfe"]', False, "not UTF-8"),
    "i_string_inverted_surrogates_U+1D11E": (b'["\\uDd1e\\uD834"]', False, "lone surrogate"),
    "i_string_iso_latin_1": (b'["\xe8"]', False, "not UTF-8"),
    "i_string_lone_second_surrogate": (b'["\\uDF31"]', False, "lone surrogate"),
    "i_string_lone_utf8_continuation_byte": (b'["\x82"]', False, "not UTF-8"),
    "i_string_not_in_unicode_range": (b'["\xf4\xbf\xbf\xbe"]', False, "not UTF-8"),
    "i_string_overlong_sequence_2_bytes": (b'["\xc0\xae"]', False, "not UTF-8"),
    "i_string_overlong_sequence_6_bytes": (b'["\xfc\x83\xbf\xbf\xbf\xbe"]', False, "not UTF-8"),
    "i_string_overlong_sequence_6_bytes_null": (b'["\xfc\x80\x80\x80\x80\x81"]', False, "not UTF-8"),
    "i_string_truncated-utf-8": (b'["\xe1\xff"]', False, "not UTF-8"),
    "i_string_utf16BE_no_BOM": (b'\0[\0"\0\xe8\0"\0]', False, "not UTF-8"),
    "i_string_utf16LE_no_BOM": (b'[\0"\0\xe8\0"\0]\0', False, "not UTF-8"),
    "i_structure_500_nested_arrays": (b"[" * 500 + b"]" * 500, False, "deeper than 64"),
    "i_structure_UTF-8_BOM_empty_object": (b"\xef\xbb\xbf{}", False, "only the reader cuts a BOM"),
}

# y_ cases that are refused alone for another rule than "a record is an object".
DUPLICATE = {"y_object_duplicated_key", "y_object_duplicated_key_and_value"}

# Public cases that a file of lines cannot hold as they are: the reader skips a blank line, so no
# filter ever hands it on. The scanner itself refuses them.
BLANK = {"n_single_space", "n_structure_no_data"}


def nested(levels):
    """{"a":[[...]]}: levels containers, the object counted."""
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

# Our own, for the rules that the suite does not know. Verdicts for the document alone.
OWN = {
    "x_depth_64": (nested(64), True),
    "x_depth_65": (nested(65), False),
    "x_depth_64_siblings": (b"{" + b",".join(b'"%d":{"a":[{}]}' % i for i in range(200)) + b"}", True),
    "x_duplicate_escaped": (b'{"a":7,"\\u0061":8}', False),
    "x_duplicate_escaped_both": (b'{"\\u006B\\u00fc":7,"k\xc3\xbc":8}', False),
    "x_duplicate_surrogate_pair": ('{"\\ud83c\\udf31":7,"\U0001f331":8}'.encode(), False),
    "x_duplicate_slash": (b'{"a/b":7,"a\\/b":8}', False),
    "x_duplicate_far": (b"{" + b",".join(b'"k%d":0' % i for i in range(300)) + b',"k7":1}', False),
    "x_duplicate_empty": (b'{"":7,"":8}', False),
    "x_duplicate_nested_allowed": (b'{"a":{"k":7,"k":8}}', True),
    "x_not_duplicate_case": (b'{"a":7,"A":8}', True),
    "x_not_duplicate_prefix": (b'{"a":7,"aa":8,"aaa":9}', True),
    "x_not_duplicate_escaped_nul": (b'{"a\\u0000b":7,"a\\u0000c":8,"a":9}', True),
    "x_number_largest": (b'{"a":1.7976931348623157e308}', True),
    "x_number_rounds_to_largest": (b'{"a":1.7976931348623158e308}', True),
    "x_number_rounds_to_infinity": (b'{"a":1.7976931348623159e308}', False),
    "x_number_400_digits": (b'{"a":' + b"7" * 400 + b"}", False),
    "x_number_400_digits_small": (b'{"a":' + b"7" * 400 + b"e-400}", True),
    "x_number_zero_huge_exponent": (b'{"a":0e999999999999}', True),
    "x_number_zeros_huge_exponent": (b'{"a":0.' + b"0" * 500 + b"1e800}", True),
    "x_number_1e400": (b'{"a":1e400}', False),
    "x_number_1e400_deep": (b'{"a":[{"b":[1e400]}]}', False),
    "x_integer_beyond_int64": (b'{"a":18446744073709551616}', True),
    "x_two_documents": (b'{"a":7}{"b":8}', False),
    "x_two_documents_blank": (b'{"a":7} {"b":8}', False),
    "x_blanks_and_carriage_return": (b' \t{ "a" :\t7 } \r', True),
    "x_no_break_space": (b'{"a":\xc2\xa07}', False),
    "x_nul_after": (b'{"a":7}\0', False),
    "x_nul_before": (b'\0{"a":7}', False),
    "x_literal_joined": (b'{"a":truefalse}', False),
    "x_literal_long": (b'{"a":nulll}', False),
    "x_number_joined": (b'{"a":1true}', False),
    "x_string_joined": (b'{"a":"b""c"}', False),
    "x_utf8_e0_9f": (b'{"a":"\xe0\x9f\xbf"}', False),
    "x_utf8_e0_a0": (b'{"a":"\xe0\xa0\x80"}', True),
    "x_utf8_ed_9f": (b'{"a":"\xed\x9f\xbf"}', True),
    "x_utf8_f0_8f": (b'{"a":"\xf0\x8f\xbf\xbf"}', False),
    "x_utf8_f0_90": (b'{"a":"\xf0\x90\x80\x80"}', True),
    "x_utf8_f4_90": (b'{"a":"\xf4\x90\x80\x80"}', False),
    "x_utf8_f5": (b'{"a":"\xf5\x80\x80\x80"}', False),
    "x_utf8_c1": (b'{"a":"\xc1\xbf"}', False),
    "x_utf8_c2": (b'{"a":"\xc2\x80"}', True),
    "x_utf8_cut_2": (b'{"a":"\xc3"}', False),
    "x_utf8_cut_3": (b'{"a":"\xe2\x82"}', False),
    "x_utf8_cut_4": (b'{"a":"\xf0\x9f\x8c"}', False),
    "x_utf8_in_key": (b'{"\xff":7}', False),
    "x_utf8_outside_string": (b'{"a":\xc3\xbc}', False),
    "x_control_1f": (b'{"a":"\x1f"}', False),
}
# The same faults where a scanner that works in blocks changes blocks.
for offset in list(range(1, 70)) + [127, 128, 129]:
    pad = b"p" * offset
    OWN[f"x_block_backslash_{offset}"] = (b'{"a":"' + pad + b'\\\\\\""}', True)
    OWN[f"x_block_backslash_open_{offset}"] = (b'{"a":"' + pad + b'\\\\\\"}', False)
    OWN[f"x_block_utf8_{offset}"] = (b'{"a":"' + pad + b'\xf0\x9f\x8c\xb1"}', True)
    OWN[f"x_block_utf8_cut_{offset}"] = (b'{"a":"' + pad + b'\xf0\x9f\x8c"}', False)
    OWN[f"x_block_control_{offset}"] = (b'{"a":"' + pad + b'\x01"}', False)
    OWN[f"x_block_nul_{offset}"] = (b'{"a":"' + pad + b'\0"}', False)
    OWN[f"x_block_unclosed_{offset}"] = (b'{"a":"' + pad, False)
    OWN[f"x_block_length_{offset}"] = (b'{"a":"' + pad + b'"}', True)
    OWN[f"x_block_white_{offset}"] = (b'{"a":' + b" " * offset + b"7}", True)


def is_object(doc):
    return doc.lstrip(b" \t\r").startswith(b"{")


def cases():
    """(name, alone, wrapped or None, document)"""
    for name, doc in N.items():
        yield name, False, False, doc
    for name, doc in Y.items():
        yield name, is_object(doc) and name not in DUPLICATE, True, doc
    for name, (doc, ok, _) in I.items():
        yield name, ok and is_object(doc), ok, doc
    for name, (doc, ok) in OWN.items():
        yield name, ok, None, doc


def letter(ok):
    return "-" if ok is None else "y" if ok else "n"


def write_table(out):
    for name, alone, wrapped, doc in cases():
        out.write(f"{name} {letter(alone)}{letter(wrapped)} {len(doc)}\n".encode() + doc + b"\n")


def write_lines(out, want):
    for name, alone, wrapped, doc in cases():
        if alone is want and name not in BLANK:
            out.write(doc + b"\n")
        if wrapped is want:
            out.write(b'{"a":' + doc + b"}\n")


def main(argv):
    assert not any(b"\n" in doc for _, _, _, doc in cases()), "one document, one line"
    if len(argv) == 3 and argv[1] == "--lines":
        write_lines(sys.stdout.buffer, argv[2] == "y")
    elif len(argv) == 2:
        with open(argv[1], "wb") as out:
            write_table(out)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv)
