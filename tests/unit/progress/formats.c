/* SPDX-License-Identifier: Apache-2.0
 * Single lines of each format, and lines that must tell nothing; whole recorded logs are in
 * tests/golden/progress. */
#include "progress/helper.h"

struct line {
    const char *text, *body;
};

static void check(const char *format, const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cct_auto_buf out = {0};
        cct_auto_buf want = {0};
        helper_read(format, lines[i].text, strlen(lines[i].text), &out);
        cct_buf_adds(&want, lines[i].body);
        if (*lines[i].body)
            cct_buf_addc(&want, '\n');
        if (strcmp(cct_buf_str(&out), cct_buf_str(&want)) != 0)
            fail_msg("%s\n  gave %s\n  want %s", lines[i].text, cct_buf_str(&out),
                     cct_buf_str(&want));
    }
}

static void reads_key_value_lines(void **state)
{
    static const struct line lines[] = {
        {"epoch=3 loss=0.12", "\"epoch\":3.0,\"loss\":0.12"},
        {"epoch: 3, loss: 0.12, val_loss: 0.3",
         "\"epoch\":3.0,\"loss\":0.12,\"metrics\":{\"val_loss\":0.3}"},
        {"Epoch 3/10 - loss: 0.12", "\"epoch\":3.0,\"epochs\":10.0,\"loss\":0.12"},
        {"Epoch [3/10], Step [100/600], Loss: 0.1",
         "\"epoch\":3.0,\"epochs\":10.0,\"step\":100,\"steps\":600,\"loss\":0.1"},
        {"Epoch [3][50/7330]\tlr: 2.0e-02, loss: 1.2",
         "\"epoch\":3.0,\"step\":50,\"steps\":7330,\"loss\":1.2,\"metrics\":{\"lr\":0.02}"},
        {"epoch 001:  10 / 100 loss=3.5, ppl=11.2",
         "\"epoch\":1.0,\"step\":10,\"steps\":100,\"loss\":3.5,\"metrics\":{\"ppl\":11.2}"},
        {"step 100: train loss 1.2, val loss 1.3",
         "\"step\":100,\"loss\":1.2,\"metrics\":{\"val_loss\":1.3}"},
        {"Epoch 3 of 10: loss 0.5", "\"epoch\":3.0,\"epochs\":10.0,\"loss\":0.5"},
        {"Epoch 3, Train Loss: 0.5, Val Acc: 87.3%",
         "\"epoch\":3.0,\"loss\":0.5,\"metrics\":{\"Val_Acc\":87.3}"},
        {"2026-01-01 12:00:00,123 - INFO - main - epoch=2 loss=1.5e-03",
         "\"epoch\":2.0,\"loss\":0.0015"},
        {"[rank0]: step 7 loss 2.5 lr 1e-4 pid=77",
         "\"step\":7,\"loss\":2.5,\"metrics\":{\"lr\":0.0001}"},
        {"epoch=0.53 loss=2", "\"epoch\":0.53,\"loss\":2.0"},
        {"loss: 0.25", "\"loss\":0.25"},
        {"epoch=3 loss=nan acc=0.5", "\"epoch\":3.0,\"metrics\":{\"acc\":0.5}"},
        {"epoch=3 loss=inf", "\"epoch\":3.0"},
        {"epoch=3 total_loss=3 loss=1 train_loss=2",
         "\"epoch\":3.0,\"loss\":1.0,\"metrics\":{\"total_loss\":3.0,\"train_loss\":2.0}"},
        {"epoch=3 time=3.2s loss=1", "\"epoch\":3.0,\"loss\":1.0"},
        {"epoch=1 samples=1,234,567 loss=1",
         "\"epoch\":1.0,\"loss\":1.0,\"metrics\":{\"samples\":1234567.0}"},
        {"Epoch 00003 done", "\"epoch\":3.0"},
        {"=== Epoch 4 ===", "\"epoch\":4.0"},
    };
    (void)state;
    check(NULL, lines, CCT_LEN(lines));
    check("kv", lines, CCT_LEN(lines));
}

static void reads_json_lines(void **state)
{
    static const struct line lines[] = {
        {"{\"epoch\": 3, \"global_step\": 40, \"train_loss\": 0.5, \"lr\": 0.1, \"note\": \"x\"}",
         "\"epoch\":3.0,\"step\":40,\"loss\":0.5,\"metrics\":{\"lr\":0.1}"},
        {"{\"epoch\": 3, \"loss\": NaN, \"acc\": Infinity, \"f1\": -Infinity}", "\"epoch\":3.0"},
        {"{\"epoch\": 3, \"loss\": 1, \"note\": \"NaN \\\" NaN\", \"x\": NaN}",
         "\"epoch\":3.0,\"loss\":1.0"},
        {"{\"step\": 2, \"metrics\": {\"acc\": 0.5, \"a\": \"b\"}}",
         "\"step\":2,\"metrics\":{\"acc\":0.5}"},
        {"{\"epoch\": 1, \"loss\": 1e999}", ""},
        {"{\"epoch\": 1, \"checkpoint\": \"a\\/b \\\"c\\\"\"}",
         "\"epoch\":1.0,\"checkpoint\":\"a/b \\\"c\\\"\""},
        {"{\"epoch\": 1, \"loss\": 1} trailing", ""},
        {"{\"epoch\": 1, \"loss\": 1, \"epoch\": 2}", ""},
        {"{\"schema\": \"cct.sample/1\", \"epoch\": 1, \"loss\": 2}", ""},
        {"[1, 2]", ""},
    };
    (void)state;
    check(NULL, lines, CCT_LEN(lines));
    check("json", lines, CCT_LEN(lines));
    helper_expect(NULL, "{\"step\": 3, \"msg\": \"started\"}", "");
    helper_expect("json", "{\"step\": 3, \"msg\": \"started\"}", "\"step\":3\n");
    helper_expect(NULL, "{\"epoch\": 1700000000, \"ms\": 3}", "");
}

static void reads_huggingface_dicts(void **state)
{
    static const struct line lines[] = {
        {"{'loss': 0.4, 'grad_norm': 1.25, 'learning_rate': 5e-05, 'epoch': 1.0}",
         "\"epoch\":1.0,\"loss\":0.4,\"metrics\":{\"grad_norm\":1.25,\"learning_rate\":0.00005}"},
        {"{'loss': '0.4', 'epoch': '0.5'}", "\"epoch\":0.5,\"loss\":0.4"},
        {"{'loss': nan, 'grad_norm': inf, 'epoch': 2.0}", "\"epoch\":2.0"},
        {"{'eval_loss': 0.3, 'a': [1, 2], 'b': {'c': 'x, y'}, 'epoch': 1.0}",
         "\"epoch\":1.0,\"metrics\":{\"eval_loss\":0.3}"},
        {"{'train_runtime': 12.5, 'train_loss': 0.9, 'epoch': 3.0}",
         "\"epoch\":3.0,\"metrics\":{\"train_runtime\":12.5,\"train_loss\":0.9}"},
        {"{'epochs': 10, 'lr': 0.1}", ""},
        {"{'loss': 0.4", ""},
        {"{': {': ", ""},
    };
    (void)state;
    check(NULL, lines, CCT_LEN(lines));
    check("hf", lines, CCT_LEN(lines));
}

static void reads_bars(void **state)
{
    static const struct line lines[] = {
        {"\rEpoch 3: 100%|###| 10/10 [00:01<00:00, 9.5it/s, v_num=0, train_loss=0.1]",
         "\"epoch\":3.0,\"step\":10,\"steps\":10,\"loss\":0.1"},
        {"Epoch 3/9 ━━━━╸ 4/10 0:00:01 • 0:00:02 9.5it/s train_loss: 0.1",
         "\"epoch\":3.0,\"epochs\":10.0,\"step\":4,\"steps\":10,\"loss\":0.1"},
        {"\r 50%|##  | 5/10 [00:01<00:01, 5.0it/s]", "\"step\":5,\"steps\":10"},
        {"\r 50%|##  | 1.20k/2.40k [00:01<00:01, 5.0it/s, loss=2]", "\"loss\":2.0"},
        {"train: 7batch [00:01, 5.0batch/s, loss=2]", "\"step\":7,\"loss\":2.0"},
        {"Epochs:  30%|###  | 3/10 [00:01<00:02, 2.0s/it]", "\"epoch\":3.0,\"epochs\":10.0"},
        {"\rEpoch 3:   0%|   | 0/10 [00:01<00:00, ?it/s, train_loss=0.1]", ""},
        {"\rValidation DataLoader 0:  50%|##  | 5/10 [00:01<00:01, 5.0it/s]", ""},
        {"\rDownloading: 50%|##  | 5/10 [00:01<00:01, 5.0MB/s]", ""},
        {"\r 50%|##  | 5/10 [00:01<00:01, 5.0MB/s]", ""},
        {"12/31 files", ""},
        {"  50%|##  |", ""},
    };
    (void)state;
    check(NULL, lines, CCT_LEN(lines));
}

static void reads_keras(void **state)
{
    (void)state;
    helper_expect("keras",
                  "Epoch 3/10\n"
                  "1875/1875 [==============================] - 3s 2ms/step - loss: 0.12 - "
                  "accuracy: 0.9 - val_loss: nan\n"
                  "Epoch 4/10\n"
                  "  7/Unknown - 1s 5ms/step - loss: 0.11\n"
                  "313/313 [=====>.....] - ETA: 0s - loss: 9.9\n",
                  "\"epoch\":3.0,\"epochs\":10.0,\"step\":1875,\"steps\":1875,\"loss\":0.12,"
                  "\"metrics\":{\"accuracy\":0.9}\n"
                  "\"epoch\":4.0,\"epochs\":10.0,\"step\":7,\"loss\":0.11\n");
    helper_expect(NULL, "12/31 files\n3/10 - done\n313/313 - 1s - loss: 2\n", "");
}

static void reads_boosting(void **state)
{
    static const struct line lines[] = {
        {"[12]\ttrain-logloss:0.3\teval-auc:0.9",
         "\"step\":12,\"metrics\":{\"train-logloss\":0.3,\"eval-auc\":0.9}"},
        {"[12]\ttrain-logloss:nan", "\"step\":12"},
        {"[0]\ttrain-rmse:1.5+0.25", "\"step\":0,\"metrics\":{\"train-rmse\":1.5}"},
        {"[20]\tvalid_0's l2: 0.2\tvalid_0's auc: 0.9",
         "\"step\":20,\"metrics\":{\"valid_0-l2\":0.2,\"valid_0-auc\":0.9}"},
        {"[20]\tcv_agg's l2: 0.2 + 0.01", "\"step\":20,\"metrics\":{\"cv_agg-l2\":0.2}"},
        {"[LightGBM] [Info] Iteration:20, valid_1 auc : 0.9",
         "\"step\":20,\"metrics\":{\"valid_1-auc\":0.9}"},
        {"[LightGBM] [Warning] No further splits with positive gain, best gain: -inf", ""},
        {"[LightGBM] [Info] Start training from score -2.3", ""},
        {"[12:30:00] WARNING: learner.cc:7: epoch", ""},
        {"[12] out of memory", ""},
    };
    (void)state;
    check(NULL, lines, CCT_LEN(lines));
}

static void headlines_give_their_epoch_to_what_follows(void **state)
{
    (void)state;
    helper_expect(NULL, "Epoch 1/2\nloss: 0.5 [ 10/ 20]\nEpoch 2/2\n",
                  "\"epoch\":1.0,\"epochs\":2.0,\"step\":10,\"steps\":20,\"loss\":0.5\n"
                  "\"epoch\":2.0,\"epochs\":2.0\n");
    helper_expect(NULL,
                  "Epoch 1\n\r 50%|##  | 5/10 [00:01<00:01, 5.0it/s]\nepoch=7 loss=2\nloss: 3\n",
                  "\"epoch\":1.0,\"step\":5,\"steps\":10\n"
                  "\"epoch\":7.0,\"loss\":2.0\n"
                  "\"loss\":3.0\n");
}

static void formats_mix_in_one_log(void **state)
{
    (void)state;
    helper_expect(NULL,
                  "epoch=1 loss=3\n[1]\ttrain-rmse:2\n{\"epoch\": 2, \"loss\": 1}\n"
                  "{'loss': 0.5, 'epoch': 3.0}\nepoch=4 loss=0.25\n",
                  "\"epoch\":1.0,\"loss\":3.0\n\"step\":1,\"metrics\":{\"train-rmse\":2.0}\n"
                  "\"epoch\":2.0,\"loss\":1.0\n\"epoch\":3.0,\"loss\":0.5\n"
                  "\"epoch\":4.0,\"loss\":0.25\n");
}

static void a_named_format_reads_no_other(void **state)
{
    (void)state;
    helper_expect("xgboost", "epoch=1 loss=3\n[1]\ttrain-rmse:2\n",
                  "\"step\":1,\"metrics\":{\"train-rmse\":2.0}\n");
    helper_expect("kv", "step=3\n", "\"step\":3\n");
    helper_expect(NULL, "step=3\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_key_value_lines),
        cmocka_unit_test(reads_json_lines),
        cmocka_unit_test(reads_huggingface_dicts),
        cmocka_unit_test(reads_bars),
        cmocka_unit_test(reads_keras),
        cmocka_unit_test(reads_boosting),
        cmocka_unit_test(headlines_give_their_epoch_to_what_follows),
        cmocka_unit_test(formats_mix_in_one_log),
        cmocka_unit_test(a_named_format_reads_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
